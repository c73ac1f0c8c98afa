import ArgumentParser

struct Deploy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deploy", abstract: "Deploy services to one or more targets.",
    discussion: """
      Examples:
        ktrdr deploy core backend            the version at HEAD
        ktrdr deploy core all --dry-run      print the plan only
        ktrdr deploy core db --tag sha-a1b2c3d
        ktrdr deploy workers all --profile scale-2
        ktrdr deploy target gpu-1
      """,
    subcommands: [DeployCore.self, DeployWorkers.self, DeployGroup.self, DeployTarget.self])
}
