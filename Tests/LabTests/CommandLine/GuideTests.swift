import TestSupport
import Testing

/// The operator's guide: what it shows is what is printed, and no message is left out.
enum Guide {
  static let path = "\(Lab.checkout)/docs/user-guides/deployment-homelab.md"
  static let ownStack = "\(Lab.checkout)/docs/user-guides/your-own-stack.md"
  static let tools = "\(Lab.checkout)/Tests/guide"

  static func python(_ words: [String], in directory: String? = nil) async throws -> Programs.Result {
    var environment = KtrdrBinary.coverageEnvironment
    environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return try await Programs.run("python3", words, environment: environment, in: directory)
  }
}

extension LabSuites {
  /// The guide starts its lab itself.
  @Suite(.serialized) struct GuideTests {
    @Test(arguments: [Guide.path, Guide.ownStack])
    func `every command of the guide prints what the guide shows`(path: String) async throws {
      let result = try await Guide.python(["\(Guide.tools)/guide.py", path, "--ktrdr", KtrdrBinary.path])
      #expect(result.status == 0, "\(result.output)\(result.error)\nto rewrite the guide: make guide")
    }
  }
}

@Suite struct GuideToolTests {
  @Test func `every message in the sources is explained in the guide's troubleshooting`() async throws {
    let result = try await Guide.python(["\(Guide.tools)/messages.py", Guide.path, "\(Lab.checkout)/Sources"])
    #expect(result.status == 0, "\(result.output)\(result.error)")
  }

  @Test func `a wrong block and a message without an entry are found`() async throws {
    let result = try await Guide.python(["-m", "unittest", "-q", "test_guide"], in: Guide.tools)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.error.contains("Ran "), "\(result.error)")
  }
}
