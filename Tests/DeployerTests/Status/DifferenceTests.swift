import Ledger
import Platform
import Testing

@testable import Deployer

private func deployment(_ id: Int64, _ change: (inout DeploymentStart) -> Void = { _ in }) -> Deployment {
  var start = DeploymentStart(
    kind: .deploy, target: "core", host: "h", services: ["backend", "db"], profiles: ["scale-2"], tag: "sha-1111111",
    gitSHA: String(repeating: "1", count: 40), operator: "ada", client: "c",
    secretVersions: [SecretVersion(item: "abc", version: 3)])
  change(&start)
  return Deployment(id: id, uuid: "u\(id)", start: start, startedAt: Date(), outcome: .succeeded, composeDigest: "d1")
}

private func image(_ service: String, _ id: String?, digest: String? = nil) -> ImageRecord {
  ImageRecord(service: service, after: id.map { ImageIdentity(reference: "r:\($0)", id: $0, digest: digest) })
}

@Suite struct DifferenceTests {
  @Test func `two records of the same differ in nothing`() {
    let images = [image("backend", "i1", digest: "r@sha256:1")]
    let found = Difference((deployment(1), images), (deployment(2), images))
    #expect(found.target == nil && found.host == nil && found.kind == nil && found.tag == nil)
    #expect(found.commit == nil && found.composeDigest == nil)
    #expect(found.services.isEmpty && found.profiles.isEmpty && found.images.isEmpty && found.secrets.isEmpty)
  }

  @Test func `everything that differs is told, from the first to the second`() throws {
    var second = deployment(2) { start in
      start.target = "workers-b"
      start.host = "w"
      start.kind = .rollback
      start.tag = nil
      start.gitSHA = String(repeating: "2", count: 40)
      start.services = ["backend", "mcp"]
      start.profiles = ["scale-2", "scale-3"]
      start.secretVersions = [SecretVersion(item: "abc", version: 4), SecretVersion(item: "xyz", version: 1)]
    }
    second.composeDigest = nil
    let found = Difference((deployment(1), []), (second, []))
    #expect(found.target == Difference.Change("core", "workers-b"))
    #expect(found.host == Difference.Change("h", "w"))
    #expect(found.kind == Difference.Change("deploy", "rollback"))
    #expect(found.tag == Difference.Change("sha-1111111", nil))
    #expect(found.commit?.to == second.start.gitSHA)
    #expect(found.services.removed == ["db"])
    #expect(found.services.added == ["mcp"])
    #expect(found.profiles.added == ["scale-3"])
    #expect(found.composeDigest == Difference.Change("d1", nil))
    #expect(
      found.secrets == [
        Difference.SecretChange(item: "abc", from: 3, to: 4), Difference.SecretChange(item: "xyz", from: nil, to: 1),
      ])
  }

  @Test(arguments: [
    (image("s", "i1"), image("s", "i1"), false),
    (image("s", "i1"), image("s", "i2"), true),
    (image("s", "i1", digest: "r@sha256:1"), image("s", "i2", digest: "q@sha256:1"), false),
    (image("s", "i1", digest: "r@sha256:1"), image("s", "i2", digest: "r@sha256:2"), true),
    (image("s", "i1"), image("s", nil), true), (image("s", nil), image("s", "i1"), true),
    (image("s", nil), image("s", nil), false), (image("s", "i1"), image("t", "i2"), false),
  ])
  func `an image differs by config id and digest, and only where both recorded the service`(
    from: ImageRecord, to: ImageRecord, differs: Bool
  ) {
    let found = Difference((deployment(1), [from]), (deployment(2), [to])).images
    #expect(found.map(\.service) == (differs ? ["s"] : []))
    #expect(!differs || (found.first?.from == from.after && found.first?.to == to.after))
  }
}
