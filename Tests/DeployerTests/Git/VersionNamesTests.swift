import TestSupport
import Testing

@testable import Deployer

struct VersionNamesTests {
  private static let sha = "0123456789abcdef0123456789abcdef01234567"

  private func names(branch: String? = "main", tags: [String] = []) throws -> VersionNames {
    VersionNames(sha: try GitSHA(Self.sha), branch: branch, tags: tags)
  }

  @Test(arguments: [
    ("sha-{sha:7}", "sha-0123456"), ("{sha}", sha), ("{branch}-{sha:4}", "feature-x-0123"), ("{tag}", "v1.2.3"),
    ("{tag}-{branch}", "v1.2.3-feature-x"),
  ])
  func `a format is filled from the commit, its branch and its tag`(format: String, tag: String) throws {
    #expect(try TagFormat(format).imageTag(of: names(branch: "feature/x", tags: ["v1.2.3"])).value == tag)
  }

  @Test func `what cannot be filled is said with the next step`() throws {
    func failure(_ format: String, _ names: VersionNames) throws -> String? {
      let error = #expect(throws: TagUnknown.self) { try TagFormat(format).imageTag(of: names) }
      return error?.oneLine
    }
    #expect(
      try failure("{tag}", names())
        == "HEAD (0123456) has no git tag, which the inventory's tag format '{tag}' takes: tag the commit and push the "
        + "tag (if it has one that is not here: git fetch --tags), or choose the version with --tag")
    var later = try names()
    later.tagBefore = "v1.2.3"
    #expect(try failure("{tag}", later)?.hasSuffix("with --tag: the last one before it is v1.2.3") == true)
    #expect(try failure("{tag}", names(tags: ["a", "b"]))?.contains("has several git tags: a, b") == true)
    #expect(try failure("{branch}", names(branch: nil))?.contains("is on no branch") == true)
    #expect(try failure("{branch}", names(branch: ".x"))?.contains("must not start with '.'") == true)
  }

  @Test func `git's tags at HEAD, and the commit of a tag that was made in a format`() async throws {
    let fixture = try await GitFixture()
    let repository = fixture.repository
    let head = try await repository.head().sha
    #expect(await repository.newestTag() == nil)
    #expect(await repository.tagBeforeHead() == nil)
    try await fixture.git("tag", "v1.2.3")
    try await fixture.git("tag", "-a", "-m", "annotated", "app-2")
    #expect(try await repository.tagsAtHead() == ["app-2", "v1.2.3"])
    #expect(await repository.newestTag() != nil)
    #expect(await repository.tagBeforeHead() != nil)
    for (format, tag, isKnown) in [
      ("{tag}", "v1.2.3", true), ("{tag}", "v9", false), ("app-{tag}", "app-app-2", true), ("{sha}", head.value, true),
      ("{sha:12}-x", "\(head.value.prefix(12))-x", true), ("{branch}", "main", false),
      ("{tag}-{sha:7}", "v1.2.3-\(head.short)", false), ("{tag}", "sha-\(head.short)", true),
      ("{branch}", "sha-\(head.short)", true), ("sha-{sha:7}", "v1.2.3", false),
    ] {
      let found = try await repository.commit(of: ImageTag(tag), format: TagFormat(format))
      #expect(found == (isKnown ? head : nil), "\(format) \(tag)")
    }
  }
}
