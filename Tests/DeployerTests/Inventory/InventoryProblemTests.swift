import Deployer
import Testing

/// An inventory with one mistake, and what must be reported.
struct Mistake: Sendable, CustomTestStringConvertible {
  var yaml: String
  var line: Int?
  var path: String
  var what: String

  init(_ yaml: String, _ line: Int?, _ path: String, _ what: String) {
    (self.yaml, self.line, self.path, self.what) = (yaml, line, path, what)
  }

  /// A target with the mistake on line 5.
  static func target(_ text: String, _ key: String, _ what: String, line: Int = 5) -> Mistake {
    Mistake(
      "secrets: {item: i}\ntargets:\n  core:\n    host: h\n    \(text)\n    directory: /d\n", line,
      "targets.core\(key)", what)
  }

  var testDescription: String { "\(path): \(what)" }
}

/// The problems in `yaml`; empty if it is valid.
func problems(in yaml: String) -> [InventoryProblem] {
  do throws(InventoryErrors) {
    _ = try Inventory.parse(yaml, origin: .file(path: "ktrdr.yml"))
    return []
  } catch {
    return error.problems
  }
}

struct InventoryProblemTests {
  static let ofTargets: [Mistake] = [
    .target("hosts: h", ".hosts", "unknown key 'hosts'"),
    .target("host: h2", ".host", "duplicate key, first on line 4"),
    .target("services: backend", ".services", "expected a list, found a single value"),
    .target("services: [a, [b]]", ".services", "expected a single value, found a list"),
    .target("services: [a, a]", ".services", "'a' is listed twice"),
    .target("services: [all]", ".services", "'all' means every service"),
    .target("services: ['a;id']", ".services", "must not contain ';'"),
    .target("profiles: [-x]", ".profiles", "must not start with '-'"),
    .target("environment: [A]", ".environment", "expected a mapping, found a list"),
    .target("environment: {A: }", ".environment.A", "the value is missing"),
    .target("environment: {A: ~}", ".environment.A", "the value is missing"),
    .target("environment: {A: {B: c}}", ".environment.A", "expected a single value, found a mapping"),
    .target("environment: {2A: x}", ".environment.2A", "must not start with '2'"),
    .target("environment: {PATH: /x}", ".environment.PATH", "reserved"),
    .target("environment: {IMAGE_TAG: x}", ".environment.IMAGE_TAG", "ktrdr sets it"),
    .target("tag_variable: A\n    environment: {A: x}", ".environment.A", "ktrdr sets it", line: 6),
    .target("secrets: {A: x}\n    tag_variable: A", ".secrets.A", "ktrdr sets it"),
    .target("tag_variable: COMPOSE_FILE", ".tag_variable", "reserved"),
    .target("tag_variable: A-B", ".tag_variable", "must not contain '-'"),
    .target("tag_variable:", ".tag_variable", "the value is missing"),
    .target("environment: {A: \"\\0\"}", ".environment.A", "NUL"),
    .target("secrets: {IMAGE_TAG: x}", ".secrets.IMAGE_TAG", "ktrdr sets it"),
    .target("secrets: {LD_PRELOAD: x}", ".secrets.LD_PRELOAD", "reserved"),
    .target("secrets: {A: ''}", ".secrets.A", "must not be empty"),
    .target("secrets: {A: {item: i}}", ".secrets.A.field", "required key is missing"),
    .target("secrets: {A: {field: f, feild: g}}", ".secrets.A.feild", "unknown key"),
    .target("secrets: {A: {field: f, sensitive: no}}", ".secrets.A.sensitive", "expected true or false"),
    .target("secrets: {A: {field: f, vault: --x}}", ".secrets.A.vault", "reads as an option"),
    .target("secrets: {A: [f]}", ".secrets.A", "expected a single value, found a list"),
    .target("rollback_on_failure: yes", ".rollback_on_failure", "expected true or false"),
    .target("rollback_on_failure: 'true'", ".rollback_on_failure", "expected true or false"),
    .target("rollback_on_failure: []", ".rollback_on_failure", "expected true or false"),
    .target("health_timeout: 120", ".health_timeout", "invalid duration '120'"),
    .target("health_timeout: 2h", ".health_timeout", "must be between 1s and 1h"),
    .target("stable_for: 10", ".stable_for", "invalid duration '10'"),
    .target("stable_for: 2h", ".stable_for", "must be between 0s and 1h"),
    .target("env_files: [/etc/x.env]", ".env_files", "outside 'directory'"),
    .target("env_files: [a/../../x.env]", ".env_files", "outside 'directory'"),
    .target("env_files: [-x.env]", ".env_files", "looks like an option"),
    .target("env_files: [a.env, a.env]", ".env_files", "listed twice"),
    .target("env_files: .env", ".env_files", "expected a list, found a single value"),
    .target("compose_files: [/etc/x.yml]", ".compose_files", "outside 'directory'"),
    .target("compose_files: [a/../../x.yml]", ".compose_files", "outside 'directory'"),
    .target("compose_files: [-x.yml]", ".compose_files", "looks like an option"),
    .target("compose_files: [a.yml, a.yml]", ".compose_files", "listed twice"),
    .target("node: B", ".node", "a node needs a group"),
    .target("group: workers", ".group", "a group needs a node"),
    .target("{group: core, node: B}: x", "", "a key must be a single value, not a mapping"),
    .target("group: 'Wörkers'", ".group", "must not start with 'W'"),
    Mistake("targets: {core: {host: h, directory: d}}", 1, "targets.core.directory", "'d' is not an absolute path"),
    Mistake("targets: {core: {host: h, directory: /a/../b}}", 1, "targets.core.directory", "'.' or '..'"),
    Mistake("targets: {core: {host: h, directory: /a/}}", 1, "targets.core.directory", "an empty component"),
    Mistake("targets: {core: {host: h, directory: \"/a\\nb\"}}", 1, "targets.core.directory", "line break"),
    Mistake("targets: {core: {directory: /d}}", 1, "targets.core.host", "required key is missing"),
    Mistake("targets: {core: {host: -oX, directory: /d}}", 1, "targets.core.host", "must not start with '-'"),
    Mistake(
      "targets: {core: {host: h, directory: /d, secrets: {A: f}}}", 1, "targets.core.secrets.A", "no 1Password item"),
  ]

  @Test(arguments: ofTargets)
  func `a mistake in a target is reported with its line`(mistake: Mistake) {
    expect(mistake)
  }

  static let ofFiles: [Mistake] = [
    Mistake("", nil, "", "the file is empty"),
    Mistake("# nothing\n", nil, "", "the file is empty"),
    Mistake("---\n", nil, "", "the file is empty"),
    Mistake("- core\n", 1, "", "expected a mapping, found a list"),
    Mistake("core\n", 1, "", "expected a mapping, found a single value"),
    Mistake("registry: {}\n", 1, "targets", "required key is missing"),
    Mistake("targets: {}\n", 1, "targets", "no targets"),
    Mistake("targets:\n", 1, "targets", "expected a mapping, found nothing"),
    Mistake("target:\n  core: x\n", 1, "target", "unknown key"),
    Mistake("targets:\n  Core: {host: h, directory: /d}\n", 2, "targets.Core", "invalid target name"),
    Mistake("targets:\n  all: {host: h, directory: /d}\n", 2, "targets.all", "'all' means every target"),
    Mistake(
      "targets:\n  a: {host: h, directory: /d}\n  a: {host: i, directory: /e}\n", 3, "targets.a",
      "duplicate key, first on line 2"),
    Mistake(
      "targets:\n  a: {host: h, directory: /d, group: w, node: B}\n  b: {host: h, directory: /e, group: w, node: b}\n",
      3,
      "targets.b.node", "'a' already has this node"),
    Mistake(
      "targets:\n  w: {host: h, directory: /d, group: w, node: B}\n", 2, "targets.w.group", "also the name of a target"),
    Mistake("targets: {a: {host: h, directory: /d, group: all, node: B}}", 1, "targets.a.group", "every group"),
    Mistake("targets: {a: {host: h, directory: /d, group: w, node: ALL}}", 1, "targets.a.node", "every node"),
    Mistake(
      "registry: {server: 'https://ghcr.io', username: u, token: t}", 1, "registry.server", "invalid registry address"),
    Mistake("registry: {server: 'ghcr.io:0', username: u, token: t}", 1, "registry.server", "invalid registry address"),
    Mistake("registry: {server: ghcr.io/x, username: u, token: t}", 1, "registry.server", "invalid registry address"),
    Mistake("registry: {server: ghcr.io, username: 'u:v', token: t}", 1, "registry.username", "must not contain ':'"),
    Mistake(
      "secrets: {item: i}\nregistry: {server: s, username: u, token: {field: t, sensitive: false}}", 2,
      "registry.token",
      "always sensitive"),
    Mistake(
      "secrets: {item: i}\nregistry: {server: a, username: u, token: t}\nregistries: []", 2, "registry",
      "'registry' and 'registries' cannot be combined"),
    Mistake("registries: {server: ghcr.io}", 1, "registries", "expected a list, found a mapping"),
    Mistake(
      "secrets: {item: i}\nregistries:\n- {server: a, username: u, token: t}\n- {server: b, token: t}", 4,
      "registries[1].username", "required key is missing"),
    Mistake(
      "secrets: {item: i}\nregistries:\n- {server: docker.io, username: u, token: t}\n"
        + "- {server: Index.docker.io, username: u, token: t}", 4, "registries[1]", "'Index.docker.io' is listed twice"),
    Mistake(
      "secrets: {item: i}\nregistries:\n- {server: a, username: u, token: {field: t, sensitive: false}}", 3,
      "registries[0].token", "always sensitive"),
    Mistake("secrets: {itme: i}", 1, "secrets.itme", "unknown key"),
  ]

  @Test(arguments: ofFiles)
  func `a mistake in the file is reported with its line`(mistake: Mistake) {
    expect(mistake)
  }

  private func expect(_ mistake: Mistake) {
    let found = problems(in: mistake.yaml)
    let match = found.contains { $0.line == mistake.line && $0.path == mistake.path && $0.what.contains(mistake.what) }
    #expect(match, "found \(found)")
    #expect(found.allSatisfy { $0.nextStep?.isEmpty == false })
  }
}
