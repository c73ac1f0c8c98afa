import Ledger
import Platform
import Testing

@Test func `a deployment is read back exactly as it was recorded`() async throws {
  let scratch = try Scratch()
  let clock = Clock()
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: clock.now)
  let undone = try await ledger.record(.core())
  let started = clock.now()
  let start = DeploymentStart(
    batch: "b1", kind: .rollback, target: "core", host: "h.example", directory: "/opt/a b",
    services: ["backend", "db"],
    profiles: ["scale-2"], tag: "sha-a1b2c3d", gitSHA: String(repeating: "a", count: 40), gitDirty: true,
    operator: "zoë\u{0}x", client: "ktrdr 1", undoes: undone,
    secretVersions: [SecretVersion(item: "abc@d", version: 3)], registry: "ghcr.io")
  let (id, uuid) = try await ledger.begin(start)
  let step = StepRecord(
    name: "pull", startedAt: started, durationMS: 5, exitStatus: -1, outcome: .failed, output: "a\u{0}b\r\né")
  try await ledger.append(step, to: id)
  let image = ImageRecord(
    service: "backend", before: ImageIdentity(reference: "r:1", id: "i1"),
    after: ImageIdentity(reference: "r:2", id: "i2", digest: "r@sha256:2"))
  try await ledger.append(image, to: id)
  clock.move(2)
  try await ledger.finish(id, Finish(outcome: .failed, reason: "no", durationMS: 1999, composeDigest: "cd"))

  let expected = Deployment(
    id: 2, uuid: uuid, start: start, startedAt: started, finishedAt: started + 2, durationMS: 1999, outcome: .failed,
    reason: "no", composeDigest: "cd")
  let again = try await scratch.open(.readOnly)
  #expect(try await again.deployment(id) == expected)
  #expect(try await again.deployment(uuid: uuid) == expected)
  #expect(try await again.steps(of: id) == [step])
  #expect(try await again.images(of: id) == [image])
  #expect(try await again.deployment(3) == nil)
  #expect(try await again.head().seq == 9)
}

@Test func `nothing can be added to a deployment that has ended`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let id = try await ledger.record(.core())
  let over = LedgerError.alreadyFinished(path: ledger.path, id: id)
  await #expect(throws: over) { try await ledger.finish(id, Finish(outcome: .failed, durationMS: 1)) }
  await #expect(throws: over) { try await ledger.append(ImageRecord(service: "x"), to: id) }
  let step = StepRecord(name: "up", startedAt: Date(), durationMS: 1, outcome: .succeeded, output: "text")
  await #expect(throws: over) { try await ledger.append(step, to: id) }
  await #expect(throws: LedgerError.noSuchDeployment(path: ledger.path, id: 9)) {
    try await ledger.finish(9, Finish(outcome: .failed, durationMS: 1))
  }
}

@Test func `steps are recorded together or not at all`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let id = try await ledger.begin(.core()).id
  let steps = ["pull", "changing"].map {
    StepRecord(name: $0, startedAt: Date(timeIntervalSince1970: 1), durationMS: 0, outcome: .succeeded, output: $0)
  }
  try await sqlite(scratch.path, refusal("name = 'changing'"))
  await #expect(throws: LedgerError.self) { try await ledger.append(steps, to: id) }
  try await sqlite(scratch.path, "DROP TRIGGER refuse")
  #expect(try await ledger.steps(of: id) == [])
  try await ledger.append(steps, to: id)
  #expect(try await ledger.steps(of: id) == steps)
  #expect(try await ledger.verify().problems == [])
}

@Test func `an end, its steps and its images are recorded together or not at all`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let images = ["backend", "db"].map { ImageRecord(service: $0, after: ImageIdentity(reference: "r:1", id: "i-\($0)")) }
  let finish = Finish(outcome: .succeeded, durationMS: 1)
  let first = try await ledger.begin(.core()).id
  let health = StepRecord(
    name: "health", startedAt: Date(timeIntervalSince1970: 1), durationMS: 1, outcome: .succeeded, output: "looked")
  try await ledger.finish(first, finish, steps: [health], images: images)
  #expect(try await ledger.steps(of: first) == [health])
  #expect(try await ledger.images(of: first) == images)
  #expect(try await ledger.deployment(first)?.outcome == .succeeded)
  #expect(try await ledger.head().seq == 6)
  #expect(await ledger.lastSeq == 6)

  let second = try await ledger.begin(.core()).id
  try await sqlite(scratch.path, refusal("service = 'db'"))
  await #expect(throws: LedgerError.self) { try await ledger.finish(second, finish, steps: [health], images: images) }
  try await sqlite(scratch.path, "DROP TRIGGER refuse")
  #expect(try await ledger.head().seq == 7)

  let next = try await scratch.open()
  #expect(try await next.deployment(second)?.outcome == .succeeded, "all of it was in the spool file")
  #expect(try await next.steps(of: second) == [health])
  #expect(try await next.images(of: second) == images)
  #expect(try await next.verify().problems == [])
}

/// A trigger that rejects every event for which `condition` is true.
private func refusal(_ condition: String) -> String {
  "CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.\(condition) BEGIN SELECT RAISE(ABORT, 'no'); END"
}

@Test func `a deployment that has started and not ended is in flight`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let first = try await ledger.begin(.core()).id
  try await ledger.record(.core())
  #expect(try await ledger.inFlight(target: "core").map(\.id) == [first])
  #expect(try await ledger.inFlight(target: "workers-b").isEmpty)
  #expect(try await ledger.inFlight().first?.outcome == nil)
}

@Test(arguments: [["a,b"], [""], ["a\nb"]])
func `a service name that would not survive in a list is refused`(_ services: [String]) async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  await #expect(throws: LedgerError.self) { try await ledger.begin(.core(services)) }
  #expect(try await ledger.head().seq == 1)
}

@Test func `the image history of a service has every finished deployment, newest first`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  try await ledger.record(.core(["backend", "db"], tag: "sha-1"))
  try await ledger.record(.core(["backend"], tag: "sha-2"), .failed)
  let running = try await ledger.begin(.core(["backend"])).id
  try await ledger.append(ImageRecord(service: "backend"), to: running)
  let backend = try await ledger.goodHistory(target: "core", service: "backend")
  #expect(backend.map(\.0.id) == [2, 1])
  #expect(backend.map(\.1.after?.reference) == ["repo:sha-2", "repo:sha-1"])
  #expect(try await ledger.goodHistory(target: "core", service: "db", limit: 5).map(\.0.id) == [1])
  #expect(try await ledger.goodHistory(target: "core", service: "backend", limit: 1).map(\.0.id) == [2])
}

@Test func `a clock that went back is reported, and the order stays that of the events`() async throws {
  let scratch = try Scratch()
  let clock = Clock()
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: clock.now)
  try await ledger.record(.core())
  #expect(try await ledger.clockLag() == nil)
  clock.move(-60)
  #expect(try await ledger.clockLag() == 60_000)
  try await ledger.record(.core())
  #expect(try await ledger.history().map(\.id) == [2, 1])
}

@Test func `nothing is recorded that verify would call damaged`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let id = try await ledger.record(.core())
  let head = try await ledger.head()
  let refused: [@Sendable (inout DeploymentStart) -> Void] = [
    { $0.undoes = 2 }, { $0.undoes = 0 }, { $0.target = "" }, { $0.host = "" }, { $0.registry = "" },
    { $0.registry = "a,,b" },
    { $0.services = [""] }, { $0.profiles = ["a,b"] }, { $0.secretVersions = [SecretVersion(item: "", version: 1)] },
    { $0.secretVersions = [SecretVersion(item: "x", version: -1)] },
  ]
  for change in refused {
    var start = DeploymentStart.core()
    change(&start)
    await #expect(throws: LedgerError.self, "\(start)") { _ = try await ledger.begin(start) }
  }
  let other = Head(seq: head.seq, hash: String(repeating: "0", count: 64), ledgerID: head.ledgerID)
  await #expect(throws: LedgerError.self) {
    try await ledger.appendAnchored(deployment: id, target: "core", head: other)
  }
  await #expect(throws: LedgerError.self) { try await ledger.appendAnchored(deployment: 9, target: "core", head: head) }
  await #expect(throws: LedgerError.self) { try await ledger.appendAnchored(deployment: id, target: "", head: head) }
  #expect(try await ledger.head() == head)
  try await ledger.appendAnchored(deployment: id, target: "core", head: head)
  #expect(try await ledger.verify().problems == [])
}

@Test func `the names of the images that deployments left, of which the last word counts`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let id = try await ledger.begin(.core()).id
  let (old, new) = (ImageIdentity(reference: "r:1", id: "i1"), ImageIdentity(reference: "r:2", id: "i2"))
  for service in ["backend", "db"] { try await ledger.append(ImageRecord(service: service, before: old), to: id) }
  #expect(try await ledger.imageNames(leftBy: [id, 9]) == [id: [:]])
  let images = [ImageRecord(service: "backend", before: old, after: new), ImageRecord(service: "db", before: old)]
  try await ledger.finish(id, Finish(outcome: .succeeded, durationMS: 1), images: images)
  #expect(try await ledger.imageNames(leftBy: [id]) == [id: ["backend": "r:2"]])
}
