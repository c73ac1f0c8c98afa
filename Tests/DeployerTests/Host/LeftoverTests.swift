import Testing

@testable import Deployer
@testable import Fakes

struct LeftoverTests {
  private func container(_ name: String, _ state: String, service: String = "api") -> Observation.Container {
    var container = Observation.Container.of(service, id: "id of \(name)", state: state)
    container.name = name
    return container
  }

  private func leftovers(_ containers: Observation.Container...) -> [Leftover] {
    Observation(containers: containers, digests: [:]).leftovers(of: ["api"])
  }

  @Test func `what an up has created goes if the container that it was to replace is still there`() {
    let spare = container("0123456789ab_shop-api-1", "created")
    func expected(isSpare: Bool) -> [Leftover] {
      [Leftover(id: spare.id, name: spare.name, ownName: "shop-api-1", isSpare: isSpare)]
    }
    #expect(leftovers(spare, container("shop-api-1", "running")) == expected(isSpare: true))
    #expect(leftovers(container("shop-api-1", "exited"), spare) == expected(isSpare: true))
    // The old one is gone: this is the service's container, and has its volumes.
    #expect(leftovers(spare) == expected(isSpare: false))
    #expect(leftovers(spare, container("shop-api-2", "running")) == expected(isSpare: false))
  }

  @Test func `nothing else is cleared away`() {
    #expect(leftovers(container("shop-api-1", "created")) == [])
    #expect(leftovers(container("0123456789ab_shop-api-1", "running"), container("shop-api-1", "running")) == [])
    #expect(leftovers(container("0123456789ab_x", "created", service: "web")) == [])
    #expect(leftovers(container("0123456789ab_", "created"), container("0123456789AB_x", "created")) == [])
    #expect(leftovers(container("0123456789ab_x; reboot", "created")) == [])
  }
}
