import Testing

@testable import Deployer

struct ExecutablePathTests {
  @Test func `the first file that may be executed is found`() throws {
    let place = try TestDirectory()
    try place.makeDirectory("a/tool")
    try place.makeDirectory("b")
    try place.write("#!/bin/sh\n", to: "b/tool")
    let late = "\(try place.programs(["sh"]))"
    let path = "\(place.path)/missing:\(place.path)/a:\(place.path)/b:\(late)"
    #expect(ExecutablePath.find("sh", in: path) == "\(late)/sh")
    #expect(ExecutablePath.find("tool", in: path) == nil, "a directory, and a file that is no program")
  }

  @Test(arguments: ["", ":", ".", "bin:.", "::"])
  func `what a directory means never depends on where the operator stands`(path: String) {
    #expect(ExecutablePath.find("sh", in: path) == nil)
  }
}
