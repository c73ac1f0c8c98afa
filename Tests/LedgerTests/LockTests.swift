import Ledger
import Platform
import Testing

@Test func `only one process holds a target's lock, and the error names it`() throws {
  let scratch = try Scratch()
  do {
    let lock = try TargetLock.acquire(target: "core/../x", in: scratch.directory)
    lock.describer("ada", 7, Date(timeIntervalSince1970: 1_700_000_000))
    do {
      _ = try TargetLock.acquire(target: "core/../x", in: scratch.directory)
      Issue.record("the lock was taken twice")
    } catch {
      #expect(error.message.contains("core/../x is being deployed by ada with deployment 7 since 2023-11-14T22:13:20Z"))
    }
    _ = try TargetLock.acquire(target: "workers-b", in: scratch.directory)
  }
  _ = try TargetLock.acquire(target: "core/../x", in: scratch.directory)
  #expect(try scratch.names().count == 2)
}

@Test func `a released lock is free even if a child process has a copy of its descriptor`() throws {
  let scratch = try Scratch()
  var copy: Int32 = -1
  do {
    let lock = try TargetLock.acquire(target: "core", in: scratch.directory)
    copy = try #require(descriptors(of: "\(scratch.directory)/lock-\(lock.target)").first.map { dup($0) })
  }
  defer { close(copy) }
  _ = try TargetLock.acquire(target: "core", in: scratch.directory)
}

/// This process's open descriptors of a file.
private func descriptors(of path: String) throws -> [Int32] {
  var wanted = stat()
  try #require(stat(path, &wanted) == 0)
  return (0..<1024).filter { descriptor in
    var found = stat()
    return fstat(descriptor, &found) == 0 && found.st_ino == wanted.st_ino && found.st_dev == wanted.st_dev
  }
}

@Test func `the holder of the lock ends a deployment whose client died as interrupted`() async throws {
  let scratch = try Scratch()
  let clock = Clock()
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: clock.now)
  let dead = try await ledger.begin(.core()).id
  clock.move(5)
  let lock = try TargetLock.acquire(target: "core", in: scratch.directory)
  #expect(try await ledger.markInterrupted(target: lock.target) { _ in "its client died" }.map(\.id) == [dead])
  #expect(try await ledger.markInterrupted(target: lock.target) { _ in "its client died" }.isEmpty)
  let deployment = try await ledger.deployment(dead)
  #expect(deployment?.outcome == .interrupted)
  #expect(deployment?.reason == "its client died")
  #expect(deployment?.durationMS == 5000)
}
