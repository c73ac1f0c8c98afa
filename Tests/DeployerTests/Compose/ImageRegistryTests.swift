import Deployer
import Testing

struct ImageRegistryTests {
  @Test(arguments: [
    ("redis", "docker.io", "redis"), ("library/redis:7", "docker.io", "redis"), ("u/x", "docker.io", "u/x"),
    ("docker.io/library/redis", "docker.io", "redis"), ("index.docker.io/u/x", "docker.io", "u/x"),
    ("ghcr.io/u/x:1@sha256:ab", "ghcr.io", "u/x"), ("localhost/x", "localhost", "x"),
    ("127.0.0.1:5000/u/x:1", "127.0.0.1:5000", "u/x"), ("host:5000/x", "host:5000", "x"),
  ])
  func `an image's registry is what Docker takes it for`(reference: String, registry: String, path: String) {
    #expect(ImageName(reference).registry == registry)
    #expect(ImageName(reference).path == path)
    #expect(ImageName(reference).text == reference)
  }
}
