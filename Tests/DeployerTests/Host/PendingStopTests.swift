import Testing

@testable import Deployer
@testable import Fakes

struct PendingStopTests {
  private func container(
    _ name: String, _ state: String, created: String = "2026-11-24T10:00:00.5", stopTimeout: Int = 10
  ) -> Observation.Container {
    var container = Observation.Container.of("api", id: "id of \(name)", state: state)
    (container.name, container.created, container.stopTimeout) = (name, created, stopTimeout)
    return container
  }

  private func pending(at time: String, _ containers: Observation.Container...) -> PendingStop? {
    Observation(containers: containers, digests: [:], time: Observation.Container.moment(time)).pendingStop
  }

  private var spare: Observation.Container {
    container("0123456789ab_shop-api-1", "created", created: "2026-11-24T10:00:20.5")
  }

  @Test func `a container beside its replacement may be about to end until Docker would have killed it`() throws {
    let old = container("shop-api-1", "running")
    let stop = try #require(pending(at: "2026-11-24T10:00:21Z", old, spare))
    #expect(stop.container == "shop-api-1")
    #expect(stop.until == Observation.Container.moment("2026-11-24T10:00:35.5Z"))
    #expect(pending(at: "2026-11-24T10:00:35Z", old, spare) == stop)
    #expect(pending(at: "2026-11-24T10:00:36Z", old, spare) == nil)
  }

  @Test func `a stop takes as long as the container was given`() {
    let slow = container("shop-api-1", "running", stopTimeout: 300)
    #expect(pending(at: "2026-11-24T10:05:00Z", slow, spare)?.container == "shop-api-1")
    #expect(pending(at: "2026-11-24T10:06:00Z", slow, spare) == nil)
    // One that Docker would never kill cannot be waited for.
    #expect(pending(at: "2026-11-24T10:00:21Z", container("shop-api-1", "running", stopTimeout: -1), spare) == nil)
  }

  @Test func `whoever asked for it, Docker goes on with a stop`() {
    var told = container("shop-api-1", "running")
    told.since = "2026-11-24T10:00:00Z"
    told.toldToEnd = Observation.Container.moment("2026-11-24T10:00:20Z")
    #expect(pending(at: "2026-11-24T10:00:34Z", told)?.container == "shop-api-1")
    #expect(pending(at: "2026-11-24T10:00:35Z", told) == nil)
    // One that has been started again since has ended.
    told.since = "2026-11-24T10:00:21Z"
    #expect(pending(at: "2026-11-24T10:00:34Z", told) == nil)
    (told.since, told.state) = ("2026-11-24T10:00:00Z", "exited")
    #expect(pending(at: "2026-11-24T10:00:34Z", told) == nil)
  }

  @Test func `a stop that was seen is waited for, though Docker remembers it no more`() throws {
    var told = container("shop-api-1", "running")
    told.since = "2026-11-24T10:00:00Z"
    told.toldToEnd = Observation.Container.moment("2026-11-24T10:00:20Z")
    let stop = try #require(pending(at: "2026-11-24T10:00:22Z", told))
    func later(_ time: String, _ container: Observation.Container) -> PendingStop? {
      Observation(containers: [container], digests: [:], time: Observation.Container.moment(time))
        .pendingStop(knowing: stop)
    }
    told.toldToEnd = nil
    #expect(later("2026-11-24T10:00:34Z", told) == stop)
    #expect(later("2026-11-24T10:00:35Z", told) == nil)
    told.since = "2026-11-24T10:00:30Z"
    #expect(later("2026-11-24T10:00:34Z", told) == nil)
  }

  @Test(arguments: [
    ("", 15), ("SIGTERM", 15), ("term", 15), ("15", 15), ("SIGQUIT", 3), ("SIGWINCH", 28), ("SIGRTMIN+3", 37),
    ("RTMIN", 34), ("SIGNAL", nil), ("SIGRTMIN+x", nil),
  ])
  func `a signal is known by name and number`(text: String, number: Int?) {
    #expect(Signal.number(text) == number)
  }

  @Test func `what does not run, or has nothing beside it, is not being stopped`() {
    let time = "2026-11-24T10:00:21Z"
    #expect(pending(at: time, container("shop-api-1", "exited"), spare) == nil)
    #expect(pending(at: time, container("shop-api-1", "running")) == nil)
    #expect(pending(at: time, container("shop-api-2", "running"), spare) == nil)
    #expect(pending(at: time, container("shop-api-1", "paused"), spare) != nil)
  }
}
