import Files
import Foundation
import TestSupport
import Testing

@Suite struct ScratchFileTests {
  @Test func `a file has no name in its folder`() throws {
    let folder = try TestFolder()
    let file = try ScratchFile(in: folder.path)
    try file.append(0..<3, of: Buffer<UInt64>(repeating: 1, count: 3))
    #expect(folder.names.isEmpty)
    #expect(file.byteCount == 24)
  }

  @Test func `a folder that cannot be written to is named`() {
    #expect(throws: FileError(.create, "/no/such/folder", code: ENOENT)) {
      try ScratchFile(in: "/no/such/folder")
    }
    #expect(throws: FileError(.open, "/no/such/folder", code: ENOENT)) {
      try ScratchFile.freeByteCount(in: "/no/such/folder")
    }
  }

  @Test func `the room of a folder is known`() throws {
    #expect(try ScratchFile.freeByteCount(in: NSTemporaryDirectory()) > 0)
  }

  @Test func `a full disk is an error that names the folder and a remedy`() async {
    await #expect(processExitsWith: .success) {
      let folder = try TestFolder()
      // No file may be longer than a kilobyte: the nearest to a full disk that a process can have.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1024, rlim_max: 1024)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let file = try ScratchFile(in: folder.path)
      #expect(throws: FileError(.write, folder.path, code: EFBIG)) {
        try file.append(0..<2048, of: Buffer<UInt8>(repeating: 1, count: 2048))
      }
    }
    #expect(
      FileError(.write, "/scratch", code: ENOSPC).description
        == "/scratch: cannot write: No space left on device; free some space or choose another folder"
    )
  }

  @Test func `positioned writes in any order read as memory would`() throws {
    let file = try ScratchFile()
    var memory = Buffer<UInt16>(repeating: 0, count: 2000)
    var piece = Buffer<UInt16>(count: 100)
    var generator = SystemRandomNumberGenerator()
    var end = 0
    for round in 0..<200 {
      let count = Int.random(in: 0...100, using: &generator)
      let start = Int.random(in: 0...1900, using: &generator)
      piece.fill(0..<count, with: UInt16(round))
      memory.copy(0..<count, of: piece, to: start)
      try file.write(0..<count, of: piece, at: 2 * start)
      end = max(end, start + count)
      #expect(file.byteCount == 2 * end)
    }
    var read = Buffer<UInt16>(repeating: 9, count: 2000)
    try file.read(0..<end, of: &read, from: 0)
    #expect((0..<end).allSatisfy { read[$0] == memory[$0] })
  }

  @Test func `pieces that threads append stay whole`() throws {
    let file = try ScratchFile()
    let places = try Parallel.map(8, threads: 8) { thread in
      let piece = Buffer<UInt32>(repeating: UInt32(thread), count: 1000)
      return try (1...50).map { try (file.append(0..<$0 * 20, of: piece), $0 * 20) }
    }
    var read = Buffer<UInt32>(count: 1000)
    for (thread, pieces) in places.enumerated() {
      for (offset, count) in pieces {
        try file.read(0..<count, of: &read, from: offset)
        #expect((0..<count).allSatisfy { read[$0] == UInt32(thread) })
      }
    }
    let sizes = places.joined().reduce(0) { $0 + 4 * $1.1 }
    #expect(file.byteCount == sizes)
  }
}
