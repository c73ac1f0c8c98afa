import Deployer
import Testing

/// One thing wrong in a file, and what must be said of it.
struct Wrong: Sendable, CustomTestStringConvertible {
  var yaml: String
  var line: Int?
  var path: String
  var what: String

  init(_ yaml: String, _ line: Int?, _ path: String, _ what: String) {
    (self.yaml, self.line, self.path, self.what) = (yaml, line, path, what)
  }

  /// A target whose last key is at fault, in line 5.
  static func target(_ text: String, _ key: String, _ what: String, line: Int = 5) -> Wrong {
    Wrong(
      "secrets: {item: i}\ntargets:\n  core:\n    host: h\n    \(text)\n    directory: /d\n", line,
      "targets.core\(key)", what)
  }

  var testDescription: String { "\(path): \(what)" }
}

/// What is wrong with `yaml`; nothing when it is right.
func problems(in yaml: String) -> [InventoryProblem] {
  do throws(InventoryErrors) {
    _ = try Inventory.parse(yaml, origin: .file(path: "ktrdr.yml"))
    return []
  } catch {
    return error.problems
  }
}

struct InventoryProblemTests {
  static let ofTargets: [Wrong] = [
    .target("hosts: h", ".hosts", "unknown key 'hosts'"),
    .target("host: h2", ".host", "given twice, first in line 4"),
    .target("services: backend", ".services", "a single value, not a list"),
    .target("services: [a, [b]]", ".services", "a list, not a single value"),
    .target("services: [a, a]", ".services", "'a' is listed twice"),
    .target("services: [all]", ".services", "'all' means every service"),
    .target("services: ['a;id']", ".services", "may not contain ';'"),
    .target("profiles: [-x]", ".profiles", "may not begin with '-'"),
    .target("environment: [A]", ".environment", "a list, not a mapping"),
    .target("environment: {A: }", ".environment.A", "it has no value"),
    .target("environment: {A: ~}", ".environment.A", "it has no value"),
    .target("environment: {A: {B: c}}", ".environment.A", "a mapping, not a single value"),
    .target("environment: {2A: x}", ".environment.2A", "may not begin with '2'"),
    .target("environment: {PATH: /x}", ".environment.PATH", "reserved"),
    .target("environment: {IMAGE_TAG: x}", ".environment.IMAGE_TAG", "ktrdr sets it"),
    .target("environment: {A: \"\\0\"}", ".environment.A", "NUL"),
    .target("secrets: {IMAGE_TAG: x}", ".secrets.IMAGE_TAG", "ktrdr sets it"),
    .target("secrets: {LD_PRELOAD: x}", ".secrets.LD_PRELOAD", "reserved"),
    .target("secrets: {A: ''}", ".secrets.A", "it is empty"),
    .target("secrets: {A: {item: i}}", ".secrets.A.field", "it is missing"),
    .target("secrets: {A: {field: f, feild: g}}", ".secrets.A.feild", "unknown key"),
    .target("secrets: {A: {field: f, sensitive: no}}", ".secrets.A.sensitive", "neither true nor false"),
    .target("secrets: {A: {field: f, vault: --x}}", ".secrets.A.vault", "takes for an option"),
    .target("secrets: {A: [f]}", ".secrets.A", "a list, not a single value"),
    .target("rollback_on_failure: yes", ".rollback_on_failure", "neither true nor false"),
    .target("rollback_on_failure: 'true'", ".rollback_on_failure", "neither true nor false"),
    .target("rollback_on_failure: []", ".rollback_on_failure", "not true or false"),
    .target("health_timeout: 120", ".health_timeout", "'120' is not a duration"),
    .target("health_timeout: 2h", ".health_timeout", "not between a second and an hour"),
    .target("compose_files: [/etc/x.yml]", ".compose_files", "outside the directory"),
    .target("compose_files: [a/../../x.yml]", ".compose_files", "outside the directory"),
    .target("compose_files: [-x.yml]", ".compose_files", "looks like an option"),
    .target("compose_files: [a.yml, a.yml]", ".compose_files", "listed twice"),
    .target("node: B", ".node", "a node needs a group"),
    .target("group: workers", ".group", "a group needs a node"),
    .target("{group: core, node: B}: x", "", "a key is a mapping"),
    .target("group: 'Wörkers'", ".group", "may not begin with 'W'"),
    Wrong("targets: {core: {host: h, directory: d}}", 1, "targets.core.directory", "'d' is not absolute"),
    Wrong("targets: {core: {host: h, directory: /a/../b}}", 1, "targets.core.directory", "'.' or '..'"),
    Wrong("targets: {core: {host: h, directory: /a/}}", 1, "targets.core.directory", "an empty part"),
    Wrong("targets: {core: {host: h, directory: \"/a\\nb\"}}", 1, "targets.core.directory", "line break"),
    Wrong("targets: {core: {directory: /d}}", 1, "targets.core.host", "it is missing"),
    Wrong("targets: {core: {host: -oX, directory: /d}}", 1, "targets.core.host", "may not begin with '-'"),
    Wrong(
      "targets: {core: {host: h, directory: /d, secrets: {A: f}}}", 1, "targets.core.secrets.A", "no 1Password item"),
  ]

  @Test(arguments: ofTargets)
  func `what is wrong with a target is reported with its line`(wrong: Wrong) {
    expect(wrong)
  }

  static let ofFiles: [Wrong] = [
    Wrong("", nil, "", "it is empty"),
    Wrong("# nothing\n", nil, "", "it is empty"),
    Wrong("---\n", nil, "", "it is empty"),
    Wrong("- core\n", 1, "", "a list, not a mapping"),
    Wrong("core\n", 1, "", "a single value, not a mapping"),
    Wrong("registry: {}\n", 1, "targets", "it is missing"),
    Wrong("targets: {}\n", 1, "targets", "there is no target"),
    Wrong("targets:\n", 1, "targets", "nothing, not a mapping"),
    Wrong("target:\n  core: x\n", 1, "target", "unknown key"),
    Wrong("targets:\n  Core: {host: h, directory: /d}\n", 2, "targets.Core", "not a target name"),
    Wrong("targets:\n  all: {host: h, directory: /d}\n", 2, "targets.all", "'all' means every target"),
    Wrong(
      "targets:\n  a: {host: h, directory: /d}\n  a: {host: i, directory: /e}\n", 3, "targets.a",
      "given twice, first in line 2"),
    Wrong(
      "targets:\n  a: {host: h, directory: /d, group: w, node: B}\n  b: {host: h, directory: /e, group: w, node: b}\n",
      3,
      "targets.b.node", "'a' has this node"),
    Wrong(
      "targets:\n  w: {host: h, directory: /d, group: w, node: B}\n", 2, "targets.w.group", "a target's name already"),
    Wrong("targets: {a: {host: h, directory: /d, group: all, node: B}}", 1, "targets.a.group", "every group"),
    Wrong("targets: {a: {host: h, directory: /d, group: w, node: ALL}}", 1, "targets.a.node", "every node"),
    Wrong("registry: {server: 'https://ghcr.io', username: u, token: t}", 1, "registry.server", "not a registry"),
    Wrong("registry: {server: 'ghcr.io:0', username: u, token: t}", 1, "registry.server", "not a registry"),
    Wrong("registry: {server: ghcr.io/x, username: u, token: t}", 1, "registry.server", "not a registry"),
    Wrong("registry: {server: ghcr.io, username: 'u:v', token: t}", 1, "registry.username", "contains ':'"),
    Wrong(
      "secrets: {item: i}\nregistry: {server: s, username: u, token: {field: t, sensitive: false}}", 2,
      "registry.token",
      "always sensitive"),
    Wrong("secrets: {itme: i}", 1, "secrets.itme", "unknown key"),
  ]

  @Test(arguments: ofFiles)
  func `what is wrong with the file is reported with its line`(wrong: Wrong) {
    expect(wrong)
  }

  private func expect(_ wrong: Wrong) {
    let found = problems(in: wrong.yaml)
    let match = found.contains { $0.line == wrong.line && $0.path == wrong.path && $0.what.contains(wrong.what) }
    #expect(match, "found \(found)")
    #expect(found.allSatisfy { !$0.nextStep.isEmpty })
  }
}
