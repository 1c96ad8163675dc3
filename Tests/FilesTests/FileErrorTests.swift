import Files
import Foundation
import Testing

@Suite struct FileErrorTests {
  @Test(arguments: [
    (FileError.Operation.open, ENOENT, "f: cannot open: No such file or directory; check the name"),
    (.read, EIO, "f: cannot read: Input/output error"),
    (.open, EACCES, "f: cannot open: Permission denied; check its permissions"),
    (.rename, EPERM, "f: cannot rename: Operation not permitted; check its permissions"),
    (.create, EROFS, "f: cannot create: Read-only file system; check its permissions"),
    (.create, EISDIR, "f: cannot create: Is a directory; name a file"),
    (
      .write, ENOSPC,
      "f: cannot write: No space left on device; free some space or choose another folder"
    ),
    (
      .write, EDQUOT,
      "f: cannot write: Disk quota exceeded; free some space or choose another folder"
    ),
    (.list, ENOTDIR, "f: cannot list: Not a directory"),
    (.map, ENOMEM, "f: cannot map: Cannot allocate memory"),
  ])
  func `the words name the file, the reason and what to do`(
    operation: FileError.Operation,
    code: Int32,
    words: String
  ) {
    #expect(FileError(operation, "f", code: code).description == words)
  }

  @Test func `without a number it is the system's latest error`() {
    errno = EMFILE
    let error = FileError(.open, "f")
    #expect(error == FileError(.open, "f", code: EMFILE))
    #expect(error != FileError(.read, "f", code: EMFILE))
    #expect(error != FileError(.open, "g", code: EMFILE))
  }
}
