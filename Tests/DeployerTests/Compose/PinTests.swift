import Ledger
import Testing

@testable import Deployer

@Suite struct PinTests {
  private let backend = "registry:5000/ktrdr/backend"

  @Test(arguments: [
    ("sha-1", "sha256:aa", "registry:5000/ktrdr/backend:sha-1@sha256:aa"),
    ("sha-1@sha256:aa", "sha256:aa", "registry:5000/ktrdr/backend:sha-1@sha256:aa"),
  ])
  func `a pin keeps the tag readable beside the digest that decides`(tag: String, sum: String, pinned: String) throws {
    let image = ImageIdentity(reference: "\(backend):\(tag)", id: "sha256:id", digest: "\(backend)@\(sum)")
    let pin = Pin(service: try ServiceName("backend"), image: image)
    #expect(pin.reference == pinned)
    #expect(pin.imageID == "sha256:id")
  }

  @Test func `an image of another repository is pinned by its digest alone`() throws {
    let image = ImageIdentity(reference: "local:1", id: "sha256:id", digest: "other/repo@sha256:aa")
    #expect(Pin(service: try ServiceName("db"), image: image).reference == "other/repo@sha256:aa")
  }

  @Test func `an image that no registry knows is pinned by its config id`() throws {
    let image = ImageIdentity(reference: "local:1", id: "sha256:id")
    #expect(Pin(service: try ServiceName("db"), image: image).reference == "sha256:id")
  }

  @Test func `the compose file of pins overrides nothing but images`() throws {
    let pins = [
      Pin(service: try ServiceName("db"), image: ImageIdentity(reference: "d:1", id: "sha256:d")),
      Pin(service: try ServiceName("backend"), image: ImageIdentity(reference: "b:1", id: "sha256:b")),
    ]
    #expect(
      String(decoding: Pin.composeFile(pins), as: UTF8.self)
        == #"{"services":{"backend":{"image":"sha256:b"},"db":{"image":"sha256:d"}}}"#)
  }
}
