import TestSupport
import Testing

@testable import Deployer

struct ExecutablePathTests {
  @Test func `the first executable file on the path is found`() throws {
    let directory = try TestDirectory()
    try directory.makeDirectory("a/tool")
    try directory.makeDirectory("b")
    try directory.write("#!/bin/sh\n", to: "b/tool")
    let last = "\(try directory.programs(["sh"]))"
    let path = "\(directory.path)/missing:\(directory.path)/a:\(directory.path)/b:\(last)"
    #expect(ExecutablePath.find("sh", in: path) == "\(last)/sh")
    #expect(ExecutablePath.find("tool", in: path) == nil, "a directory, and a file that is not executable")
  }

  @Test(arguments: ["", ":", ".", "bin:.", "::"])
  func `relative and empty directories are skipped`(path: String) {
    #expect(ExecutablePath.find("sh", in: path) == nil)
  }
}
