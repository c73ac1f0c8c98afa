import Ledger
import Testing

@testable import Deployer

struct LinkTemplateTests {
  private func links(_ yaml: String) throws -> Links {
    try Inventory.parse("\(yaml)\ntargets: {core: {host: h, directory: /opt}}\n", origin: .builtIn).links
  }

  @Test(
    arguments: [
      ("https://github.com/k/ktrdr/commit/{sha}", "https://github.com/k/ktrdr/commit/0992ae0"),
      ("http://git.lab:3000/?p=a.git;h={sha}#{sha}", "http://git.lab:3000/?p=a.git;h=0992ae0#0992ae0"),
    ])
  func `a commit fills in its id`(template: String, address: String) throws {
    #expect(try links("links: {commit: '\(template)'}").link(toCommit: "0992ae0")?.address == address)
    #expect(try links("links: {commit: '\(template)'}").link(to: ImageIdentity(reference: "x", id: "y")) == nil)
  }

  @Test(
    arguments: [
      ("https://{image}", nil), ("https://h/{image}", "https://h/ghcr.io/k/ktrdr-backend"),
      ("https://h/{path}?tag={tag}", "https://h/k/ktrdr-backend?tag=v1.2"),
      ("https://h/{name}", "https://h/ktrdr-backend"),
      ("https://h/{image}@{digest}", "https://h/ghcr.io/k/ktrdr-backend@sha256:ab"),
    ] as [(String, String?)])
  func `an image fills in its names, its tag and its digest`(template: String, address: String?) throws {
    let image = ImageIdentity(
      reference: "ghcr.io/k/ktrdr-backend:v1.2", id: "sha256:1", digest: "ghcr.io/k/ktrdr-backend@sha256:ab")
    guard let address else {
      #expect(throws: InvalidLink.self) { try LinkTemplate<ImageLink>(template) }
      return
    }
    #expect(try links("links: {image: \"\(template)\"}").link(to: image)?.address == address)
  }

  @Test func `what is not there makes no link`() throws {
    let bare = ImageIdentity(reference: "r/x", id: "sha256:1")
    #expect(try links("links: {image: 'https://h/{image}:{tag}'}").link(to: bare) == nil)
    #expect(try links("links: {image: 'https://h/{digest}'}").link(to: bare) == nil)
    #expect(try links("links: {commit: 'https://h/{sha}'}").link(toCommit: "") == nil)
    #expect(try links("").isEmpty)
  }

  @Test func `whatever comes from a host or from git is encoded, so that it steers nothing`() throws {
    let evil = "a\u{1B}]8;;\u{1B}\\\u{7}\u{9C}\n\u{0}b?c#d e%f\u{202E}é\"<>\\{}"
    let address =
      try links("links: {commit: 'https://h/{sha}', image: 'https://h/{image}:{tag}@{digest}'}")
      .link(to: ImageIdentity(reference: "r/\(evil):\(evil)", id: "i", digest: "x@\(evil)"))?.address ?? ""
    let encoded = "a%1B%5D8%3B%3B%1B%5C%07%C2%9C%0A%00b%3Fc%23d%20e%25f%E2%80%AE%C3%A9%22%3C%3E%5C%7B%7D"
    #expect(address == "https://h/r/\(encoded):\(encoded)@\(encoded)")
    #expect(address.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 0x20 && $0.value < 0x7F })
  }

  @Test(
    arguments: [
      ("github.com/{sha}", "it must begin with https:// or http:// and a host, followed by '/'"),
      ("javascript:alert({sha})", "it must begin with https:// or http:// and a host, followed by '/'"),
      ("file:///{sha}", "it must begin with https:// or http:// and a host, followed by '/'"),
      ("https:///{sha}", "it must begin with https:// or http:// and a host, followed by '/'"),
      ("https://{sha}.example.org/", "it must begin with https:// or http:// and a host, followed by '/'"),
      ("https://example.org{sha}/", "it must begin with https:// or http:// and a host, followed by '/'"),
      ("https://me:word@example.org/{sha}", "it must begin with https:// or http:// and a host, followed by '/'"),
      ("{sha}", "it must begin with https:// or http:// and a host, followed by '/'"),
      ("https://h/x", "it has no placeholder, so every link would be the same"),
      ("https://h/{sha", "'{' is not closed"), ("https://h/{commit}", "unknown placeholder '{commit}'"),
      ("https://h/{sha:7}", "unknown placeholder '{sha:7}'"), ("https://h/{}", "unknown placeholder '{}'"),
      ("https://h/ {sha}", "a URL must not contain ' '"), ("https://h/é{sha}", "a URL must not contain 'é'"),
      ("https://h/{sha}}", "a URL must not contain '}'"),
    ])
  func `an invalid link is refused, with its line and what is known`(template: String, reason: String) {
    do throws(InventoryErrors) {
      let text = "# comment\nlinks:\n  commit: \"\(template)\"\ntargets: {core: {host: h, directory: /opt}}\n"
      _ = try Inventory.parse(text, origin: .file(path: "ktrdr.yml"))
      Issue.record("\(template) was taken")
    } catch {
      #expect(error.what == "ktrdr.yml:3: links.commit: invalid link '\(template)': \(reason); use a URL with {sha}")
    }
  }

  @Test(
    arguments: [
      ("links: {comit: 'https://h/{sha}'}", "1: links.comit: unknown key 'comit': did you mean 'commit'?"),
      ("links: https://h/{sha}", "1: links: expected a mapping, found a single value: write it like name: value"),
      ("links: {}", "1: links: no links: add 'commit' or 'image', or remove it"),
      (
        "links: {image: 'https://h/{sha}'}",
        "1: links.image: invalid link 'https://h/{sha}': unknown placeholder '{sha}'; "
          + "use a URL with {image}, {path}, {name}, {tag}, {digest}"
      ),
    ])
  func `other mistakes have their lines, too`(yaml: String, message: String) {
    do throws(InventoryErrors) {
      _ = try Inventory.parse("\(yaml)\ntargets: {core: {host: h, directory: /opt}}\n", origin: .file(path: "f"))
      Issue.record("\(yaml) was taken")
    } catch {
      #expect(error.what == "f:\(message)")
    }
  }
}
