import Files

/// Does `work`; where the reader of standard output goes (`perplex … | head`), that is its end and
/// no failure.
func untilPipeCloses(_ work: () throws -> Void) throws {
  do {
    try work()
  } catch let error as FileError where error.isClosedPipe {
    return
  }
}
