import Platform
import TestSupport
import Testing

/// The lab's hosts under the names of the real homelab, with its directories and compose files.
///
/// Each host has an sshd of its own whose `/opt` is a directory of the lab, so nothing is written into this machine's. The
/// GPU worker shares the engine of workers-c. The images are the lab's own, from a registry that needs no login.
struct Homelab {
  let lab: Lab
  let root: String
  /// Somebody without an inventory file.
  let person: Operator

  private struct Host {
    /// The target, and the lab's host that it stands on.
    var target: String
    var on: String
    var name: String
    var directory: String
    var file: String
    var address: String
  }

  private static let hosts = [
    Host(
      target: "core", on: "core", name: "backend", directory: "ktrdr-core", file: "docker-compose.core.yml",
      address: "127.0.1.11"),
    Host(
      target: "workers-b", on: "workers-b", name: "workers-b", directory: "ktrdr-workers-b",
      file: "docker-compose.workers.yml", address: "127.0.1.12"),
    Host(
      target: "workers-c", on: "workers-c", name: "workers-c", directory: "ktrdr-workers-c",
      file: "docker-compose.workers.yml", address: "127.0.1.13"),
    Host(
      target: "gpu", on: "workers-c", name: "ktrdr-gpuworker", directory: "ktrdr-gpu-worker",
      file: "docker-compose.gpu-worker.yml", address: "127.0.1.14"),
  ]

  private var port: String { String(lab.facts.registry.split(separator: ":").last ?? "") }
  private var openRegistry: String { "127.0.1.20:\(port)" }

  /// Starts the hosts but those of the targets in `down`, and stops them after `body`.
  static func use(down: Set<String> = [], _ body: (Homelab) async throws -> Void) async throws {
    let lab = try await Lab.shared()
    var person = try await Operator()
    let root = "\(lab.root)/homelab-\(UUID().uuidString.prefix(8))"
    let home = try TestDirectory()
    // Away from the lab's own inventory, which would be found from a directory below it.
    person.directory = home.path
    person.environment["KTRDR_CONFIG"] = nil
    person.environment["PATH"] = "\(root)/bin:\(lab.environment["PATH"] ?? "")"
    let homelab = Homelab(lab: lab, root: root, person: person)
    try homelab.write()
    try await lab.mending(homelab.stop) {
      try await homelab.start(down: down)
      try await body(homelab)
    }
  }

  /// One of the environment's variables in the container of a target's service.
  func variable(_ name: String, of service: String, on target: String) async throws -> String? {
    let host = Self.hosts.first { $0.target == target }?.on ?? target
    let format = "{{range .Config.Env}}{{println .}}{{end}}"
    let lines = try await lab.docker(on: host, ["inspect", "--format", format, "homelab-\(target)-\(service)-1"])
    return lines.split(separator: "\n").first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
  }

  private func write() throws {
    var client = ""
    var known = ""
    for host in Self.hosts {
      let lab = "\(lab.root)/hosts/\(host.on)"
      try put(compose(of: host), "\(host.target)/\(host.directory)/\(host.file)")
      let settings = String(decoding: try Data(contentsOf: URL(filePath: "\(lab)/sshd_config")), as: UTF8.self)
      let own = settings.split(separator: "\n").filter { !$0.hasPrefix("ListenAddress") }.joined(separator: "\n")
      try put("ListenAddress \(host.address):\(port)\n\(own)\n", "\(host.target).sshd_config")
      let key = String(decoding: try Data(contentsOf: URL(filePath: "\(lab)/host_key.pub")), as: UTF8.self)
      known += "[\(host.address)]:\(port) \(key.split(separator: " ").prefix(2).joined(separator: " "))\n"
      client += "Host \(host.name).ktrdr.home.mynerd.place\n  HostName \(host.address)\n"
    }
    client += """
      Host *
        Port \(port)
        IdentityFile \(lab.root)/id
        IdentitiesOnly yes
        IdentityAgent none
        UserKnownHostsFile \(root)/known_hosts
        GlobalKnownHostsFile /dev/null
        StrictHostKeyChecking yes

      """
    try put(known, "known_hosts")
    try put(client, "ssh_config")
    try put("#!/bin/sh\nexec /usr/bin/ssh -F \(root)/ssh_config \"$@\"\n", "bin/ssh")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(root)/bin/ssh")
    let registry = """
      version: 0.1
      log: {level: error}
      storage: {filesystem: {rootdirectory: \(lab.root)/registry/data}, maintenance: {readonly: {enabled: true}}}
      http: {addr: "\(openRegistry)", secret: lab}

      """
    try put(registry, "registry.yml")
  }

  private func put(_ text: String, _ path: String) throws {
    let file = URL(filePath: "\(root)/\(path)")
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// In the shape of the real ones: new names of variables in core, old ones in the workers, a health check for `db` only.
  private func compose(of host: Host) -> String {
    let image = "\(openRegistry)/kpiteira"
    let head = "name: homelab-\(host.target)\nservices:\n"
    func service(_ name: String, _ image: String, _ rest: String) -> String {
      "  \(name):\n    image: \(image)\n    restart: unless-stopped\n    network_mode: none\n\(rest)"
    }
    let backend = "\(image)/ktrdr-backend:${IMAGE_TAG:-latest}"
    let database = "    environment: {KTRDR_DB_USER: \"${DB_USER}\", KTRDR_DB_PASSWORD: \"${DB_PASSWORD}\"%}\n"
    func worker(_ name: String, _ address: String) -> String {
      service(name, backend, database.replacing("%", with: ", KTRDR_WORKER_PUBLIC_BASE_URL: \"\(address)\""))
    }
    switch host.target {
    case "core":
      let values = """
            environment:
              KTRDR_DB_NAME: ${KTRDR_DB_NAME}
              KTRDR_DB_USER: ${KTRDR_DB_USER}
              KTRDR_DB_PASSWORD: ${KTRDR_DB_PASSWORD}
              KTRDR_AUTH_JWT_SECRET: ${KTRDR_AUTH_JWT_SECRET}

        """
      let check = "    healthcheck: {test: [CMD, pg_isready], interval: 300ms, timeout: 2s, retries: 5}\n"
      let wait = "    depends_on: {db: {condition: service_healthy}}\n"
      return head + service("db", "\(image)/ktrdr-db:16", values + check) + service("backend", backend, values + wait)
    case "gpu": return head + worker("training-worker-gpu", "http://ktrdr-gpuworker.ktrdr.home.mynerd.place:5005")
    default:
      return head
        + worker("backtest-worker-1", "http://${WORKER_HOSTNAME:-workers-b.ktrdr.home.mynerd.place}:5003")
        + worker("backtest-worker-2", "http://${WORKER_HOSTNAME:-workers-b.ktrdr.home.mynerd.place}:5004")
        + "    profiles: [scale-2]\n"
    }
  }

  /// The mark in the environment lets `lab down` find what a test that was killed has left.
  private func start(down: Set<String>) async throws {
    var commands = ["docker-registry serve \(root)/registry.yml"]
    for host in Self.hosts where !down.contains(host.target) {
      commands.append(
        "unshare --mount --propagation private sh -c 'mount --bind \(root)/\(host.target) /opt && "
          + "exec /usr/sbin/sshd -D -e -f \(root)/\(host.target).sshd_config'")
    }
    let started = commands.enumerated().map { index, command in
      "KTRDR_LAB_OWNED_BY=\(lab.root) setsid \(command) >\(root)/log-\(index) 2>&1 </dev/null & echo $! >>\(root)/pids"
    }
    let addresses = Self.hosts.filter { !down.contains($0.target) }.map(\.address) + ["127.0.1.20"]
    let wait = addresses.map { "until (exec 3<>/dev/tcp/\($0)/\(port)); do sleep 0.05; done" }
    let script = (started + wait).joined(separator: "\n")
    let result = try await Programs.run(
      "timeout", ["20", "bash", "-c", script], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
    guard result.status == 0 else { throw Lab.CannotStart(description: "the homelab: \(result.error.suffix(500))") }
  }

  private func stop() async throws {
    for host in Self.hosts {
      let filter = "label=com.docker.compose.project=homelab-\(host.target)"
      let ids = try await lab.docker(on: host.on, ["ps", "-aq", "--filter", filter]).split(separator: "\n")
      for id in ids { _ = try await lab.docker(on: host.on, ["rm", "-f", String(id)]) }
    }
    _ = try await Programs.run(
      "/bin/sh", ["-c", "kill $(cat \(root)/pids)"], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
  }
}
