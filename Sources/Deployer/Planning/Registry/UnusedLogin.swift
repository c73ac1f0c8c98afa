/// The host may have a login of its own for a registry. ktrdr pulls with the inventory's logins alone, so that a deployment
/// does not depend on who logged in there by hand.
enum UnusedLogin {
  /// A warning for each registry in `servers` that the inventory has no login for. `images` are those that are pulled;
  /// if any are given, only their registries count.
  static func warnings(
    _ servers: [String], plan: Plan, images: [(service: String, reference: String)] = []
  ) -> [String] {
    let needed = images.map { ImageName($0.reference).registry }
    return hosts(servers, plan: plan).filter { needed.isEmpty || needed.contains($0) }.map { host in
      "\(plan.target.host) has its own login for \(host), which is not used: \(addLogin(for: host, plan: plan))"
    }
  }

  /// The registries in `servers` that the inventory has no login for, each once.
  static func hosts(_ servers: [String], plan: Plan) -> [String] {
    let own = plan.registries.map(\.host)
    return Set(servers.map(Registry.host)).subtracting(own).sorted()
  }

  /// How the inventory gets a login for a registry.
  static func addLogin(for host: String, plan: Plan) -> String {
    plan.registries.isEmpty
      ? "add a 'registry' for \(host) to the inventory" : "add \(host) to 'registries' in the inventory"
  }
}
