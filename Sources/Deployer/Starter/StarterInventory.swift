/// The inventory that `config init` writes: what the owner of one stack needs.
public enum StarterInventory {
  public static func yaml(for stack: LocalStack) -> String {
    let name = name(of: stack)
    let file = stack.file.map { String($0.split(separator: "/").last ?? "") }
    var lines = [
      "# What ktrdr deploys, and where. Never put a secret here, only the names of 1Password fields.",
      "# `ktrdr config check` checks this file, `ktrdr doctor` the host; docs/inventory.md explains every key.",
      "targets:", "  \(name):  # ktrdr deploy \(name)",
      "    host: \(name).example.org  # CHANGE: what ssh connects to; ports and keys belong in ~/.ssh/config",
      "    directory: /opt/\(name)  # CHANGE: where \(file ?? "the compose file") is on that host",
    ]
    if let file, !StackSearch.standardNames.contains(file) {
      let others = stack.others.isEmpty ? "" : "  # also here: \(stack.others.joined(separator: ", "))"
      lines.append("    compose_files: \(YAMLText.list([file]))\(others)")
    } else if let file, !stack.others.isEmpty {
      lines.append(
        "    # compose_files: \(YAMLText.list([file] + stack.others))  # if docker compose is given these with -f")
    }
    lines.append(services(stack.scan.services))
    let profiles = stack.scan.profiles.filter { (try? ProfileName($0)) != nil }
    if !profiles.isEmpty { lines.append("    profiles: \(YAMLText.list(profiles))  # what --profile may ask for") }
    lines.append(tagVariable(stack.scan))
    lines.append(tagFormat(stack.gitTag))
    lines += variables(stack.scan.variables)
    lines.append(
      "# secrets: {item: \(name)}  # the 1Password item with the fields above; with several vaults, also vault: NAME")
    lines.append(registry(stack.scan.image))
    return lines.joined(separator: "\n") + "\n"
  }

  /// A name that a target may have.
  private static func name(of stack: LocalStack) -> String {
    let words = stack.name.lowercased().map { letter in
      letter.isASCII && (letter.isLetter || letter.isNumber) ? String(letter) : "-"
    }
    let name = words.joined().split(separator: "-").joined(separator: "-").prefix(40)
    return name.isEmpty || name == "all" ? "stack" : String(name)
  }

  private static func services(_ names: [String]) -> String {
    names.isEmpty
      ? "    # services: [web]  # which services may be deployed alone (default: all that Compose lists)"
      : "    services: \(YAMLText.list(names))  # which may be deployed alone (default: all that Compose lists)"
  }

  private static func tagVariable(_ scan: ComposeScan) -> String {
    guard let name = scan.tagVariables.first else {
      return
        "    # tag_variable: IMAGE_TAG  # CHANGE: none was found; the variable in image: …:${IMAGE_TAG} of the compose file"
    }
    let others = scan.tagVariables.dropFirst()
    return "    tag_variable: \(YAMLText.scalar(name))  # as in \(scan.image ?? "")"
      + (others.isEmpty ? "" : "; also found: \(others.joined(separator: ", "))")
  }

  private static func tagFormat(_ gitTag: String?) -> String {
    guard let gitTag, gitTag == gitTag.printable, (try? ImageTag(gitTag)) != nil else {
      return "    # tag: {from: git, format: \"sha-{sha:7}\"}  # what CI calls an image; \"{tag}\" for v1.2.3"
    }
    return
      "    # tag: {from: git, format: \"{tag}\"}  # if CI names images by the git tag, \(gitTag) (default: sha-{sha:7})"
  }

  /// Commented lines for the variables that have no default: without a value, nothing is deployed.
  private static func variables(_ names: [String]) -> [String] {
    let secret = names.filter { name in
      ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "KEY", "CREDENTIAL"].contains { name.uppercased().contains($0) }
    }
    let plain = names.filter { !secret.contains($0) }
    let fields = secret.map { "\($0): \($0.lowercased())" }.joined(separator: ", ")
    let values = plain.map { "\($0): \"…\"" }.joined(separator: ", ")
    return [
      "    # environment: {\(values.isEmpty ? "NAME: value" : values)}  # variables; these win over a .env on the host",
      "    # secrets: {\(fields.isEmpty ? "DB_PASSWORD: db_password" : fields)}  # variables from fields of 1Password",
    ]
  }

  private static func registry(_ image: String?) -> String {
    let server = image.map { ImageName($0).registry }.flatMap { $0.contains("$") ? nil : $0 } ?? "ghcr.io"
    return "# registry: {server: \(server), username: NAME, token: registry_token}  # for private images"
  }
}
