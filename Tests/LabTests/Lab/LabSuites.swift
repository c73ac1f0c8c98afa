import Platform
import Testing

/// What needs real hosts. Each suite in here has a lab of its own, whose containers its tests share: they run one after
/// the other. Several suites run beside each other.
@Suite(.aLabForEach) struct LabSuites {}

/// Gives each suite a lab once there is room for it.
struct ALabForEach: SuiteTrait, TestTrait, TestScoping {
  /// So it is a trait of the tests as well, for which it does nothing.
  var isRecursive: Bool { true }

  func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? {
    test.isSuite && test.name != "\(LabSuites.self)" ? self : nil
  }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    guard test.traits.contains(where: { $0 is ParallelizationTrait }) else {
      throw Lab.CannotStart(description: "\(test.name) needs @Suite(.serialized): its tests share a lab")
    }
    await LabRoom.shared.enter(isLong: test.traits.contains { $0 is Long })
    let lab = SuiteLab()
    let start = ContinuousClock().now
    do {
      try await Lab.$ofSuite.withValue(lab) { try await function() }
      try await lab.stop()
    } catch {
      try? await lab.stop()
      await LabRoom.shared.leave()
      throw error
    }
    await LabRoom.shared.leave()
    print("\(test.name) had a lab for \((ContinuousClock().now - start).components.seconds) s")
  }
}

extension Trait where Self == ALabForEach {
  static var aLabForEach: Self { ALabForEach() }
}

/// A suite that takes minutes goes before the others, or all would wait for it in the end.
struct Long: SuiteTrait {}

extension Trait where Self == Long {
  static var long: Self { Long() }
}

/// The lab of one suite, which starts when it is first asked for.
actor SuiteLab {
  private var starting: Task<Lab, any Error>?

  func lab() async throws -> Lab {
    let task = starting ?? Task { try await Lab.start("\(await LabRoom.shared.nextNumber())") }
    starting = task
    return try await task.value
  }

  /// One that did not start has cleaned up behind itself.
  func stop() async throws { try await (try? starting?.value)?.stop() }
}

/// How many labs there are at once. More than three would not be faster on two cores: the tests wait for each other then.
actor LabRoom {
  static let shared = LabRoom()

  private var free = ProcessInfo.processInfo.environment["LABS"].flatMap(Int.init) ?? 3
  private var waiting: [(isLong: Bool, enter: CheckedContinuation<Void, Never>)] = []
  private var number = 0

  func enter(isLong: Bool) async {
    guard free <= 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append((isLong, $0)) }
  }

  func leave() {
    guard !waiting.isEmpty else {
      free += 1
      return
    }
    waiting.remove(at: waiting.firstIndex(where: \.isLong) ?? 0).enter.resume()
  }

  /// Each lab has a number, for its name.
  func nextNumber() -> Int {
    number += 1
    return number
  }
}
