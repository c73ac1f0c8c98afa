import Deployer

/// A command for the host of a target, to be copied: the answer to a first word of other tools that is Docker's own affair.
enum HostCommand {
  case logs, exec
  /// What Docker does to a container, such as `restart`.
  case docker(String)

  /// Whether it is offered without a service, for all containers of a target: nothing that could not be undone.
  private var takesSeveral: Bool {
    if case .docker(let command) = self {
      ["start", "stop", "restart", "pause", "unpause"].contains(command)
    } else {
      false
    }
  }

  /// The words name a target or a node of a group, and a service. Without a target, that of the only one, or `HOST`.
  func line(for words: [String], in inventory: Inventory) -> String {
    let names = words.filter { !$0.hasPrefix("-") }
    let (targets, rest) = (try? inventory.resolveFirst(names[...])) ?? (inventory.targets, names[...])
    let (ssh, docker, ids, tail) =
      switch self {
      case .logs: ("ssh", "docker logs", "docker ps -aq", "")
      case .exec: ("ssh -t", "docker exec -it", "docker ps -q", " COMMAND")
      case .docker(let command): ("ssh", "docker \(command)", "docker ps -aq", "")
      }
    guard targets.count == 1, let target = targets.first else {
      return "\(ssh) HOST \(docker) CONTAINER\(tail); 'ktrdr config show' lists the hosts"
    }
    var filters =
      rest.first.flatMap { try? ServiceName($0) }.map { ["-f label=com.docker.compose.service=\($0)"] } ?? []
    guard !filters.isEmpty || takesSeveral else {
      return "\(ssh) \(target.host) \(docker) CONTAINER\(tail); for the names: ssh \(target.host) docker ps"
    }
    // Where the host has several stacks; a directory that a shell would read otherwise is left out.
    if target.directory.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0)) }) {
      filters.append("-f label=com.docker.compose.project.working_dir=\(target.directory)")
    }
    guard !filters.isEmpty else { return "\(ssh) \(target.host) \(docker) CONTAINER" }
    return "\(ssh) \(target.host) '\(docker) $(\(ids) \(filters.joined(separator: " ")))\(tail)'"
  }
}
