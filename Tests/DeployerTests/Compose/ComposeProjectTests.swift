import Testing

@testable import Deployer

struct ComposeProjectTests {
  /// In the shape that `docker compose config --format json` prints.
  private static let json = #"""
    {"name": "shop", "networks": {"default": {"name": "shop_default"}}, "services": {
      "web": {"image": "reg/app:MARK", "build": {"context": "."}, "ports": [{"target": 80, "published": "8080"}],
        "depends_on": {"migrate": {"condition": "service_completed_successfully", "required": true},
          "db": {"condition": "service_healthy"}}, "deploy": {"replicas": 3}},
      "migrate": {"image": "reg/app:MARK-slim", "restart": "no", "ports": null},
      "db": {"image": "postgres:16", "healthcheck": {"test": ["CMD", "true"]}, "scale": 2,
        "environment": {"PASSWORD": "SECRET", "URL": "pg://u:SECRET@db", "LEVEL": "info", "EMPTY": null}},
      "cache": {"image": "redis", "healthcheck": {"disable": true}, "profiles": ["cache", "all"]},
      "worker": {"build": {"context": "."}, "healthcheck": {"test": ["NONE"]}, "network_mode": "service:vpn",
        "labels": ["auth=u:$apr1$abc ${HOST:-${NAME}} $$not"]},
      "vpn": {"image": "vpn", "network_mode": "host", "healthcheck": {"disable": false}}, "probe": {"image": "vpn", "pid": "service:worker"}}}
    """#

  private static func project() throws -> ComposeProject {
    try #require(ComposeProject(json: Array(json.utf8), isResolved: true, secretMark: "SECRET", tagMark: "MARK"))
  }

  @Test func `what Compose prints is read`() throws {
    let project = try Self.project()
    #expect(project.name == "shop")
    #expect(project.services.map(\.name) == ["cache", "db", "migrate", "probe", "vpn", "web", "worker"])
    #expect(project.services.filter(\.takesTag).map(\.name) == ["migrate", "web"])
    #expect(project.services.filter(\.isBuilt).map(\.name) == ["web", "worker"])
    #expect(project.services.filter(\.hasHealthCheck).map(\.name) == ["db"])
    #expect(project.services.filter(\.publishesPorts).map(\.name) == ["web"])
    #expect(project.services.map(\.replicas) == [1, 2, 1, 1, 1, 3, 1])
    #expect(project.service("worker")?.image == nil)
    #expect(project.service("db")?.secretVariables == ["PASSWORD", "URL"])
    #expect(project.service("db")?.ownVariables == ["LEVEL": "info"])
    #expect(project.service("db")?.aroundSecrets["URL"] == AroundSecret(before: "pg://u:", after: "@db"))
    #expect(project.service("db")?.withoutSecrets == ["URL": "pg://u:@db"])
    #expect(project.service("worker")?.variables == ["apr1", "abc", "HOST", "NAME"])
  }

  @Test func `the deployment's tag takes the place of the mark`() throws {
    let project = try Self.project().tagged(try ImageTag("two"), mark: "MARK")
    #expect(project.service("web")?.image == "reg/app:two")
    #expect(project.service("migrate")?.image == "reg/app:two-slim")
    #expect(project.service("db")?.image == "postgres:16")
  }

  @Test func `profiles switch services on`() throws {
    let project = try Self.project()
    #expect(!project.active(under: []).contains("cache"))
    #expect(project.active(under: ["all"]).contains("cache"))
    #expect(project.active(under: ["*"]).count == 7)
  }

  @Test func `services that share a namespace go along, directly or through another`() throws {
    let project = try Self.project()
    #expect(project.dependents(of: ["vpn"]) == ["probe", "worker"])
    #expect(project.dependents(of: ["vpn", "worker"]) == ["probe"])
    #expect(project.dependents(of: ["web"]) == [])
  }

  @Test func `a job that a service waits for is known, and whether it is left out`() throws {
    let project = try Self.project()
    #expect(project.isAwaitedJob("migrate"))
    #expect(!project.isAwaitedJob("db"))
    #expect(project.jobsLeftOut(by: ["web"]) == ["migrate"])
    #expect(project.jobsLeftOut(by: ["web", "migrate"]) == [])
  }

  @Test(arguments: ["", "{", "[]", "services:\n  web: {}", #"{"services": []}"#])
  func `what is no model is none`(text: String) {
    #expect(ComposeProject(json: Array(text.utf8), isResolved: true, secretMark: "SECRET", tagMark: "MARK") == nil)
  }
}
