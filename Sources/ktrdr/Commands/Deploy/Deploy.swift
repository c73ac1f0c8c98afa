import ArgumentParser

struct Deploy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deploy", abstract: "Deploy services of a target, or nodes of a group.",
    usage: """
      ktrdr deploy <target> [<service> ...] [<options>]
      ktrdr deploy <group> [<node> ...] [<options>]
      """,
    discussion: """
      Without services, deploys all of them; without nodes, every node. Services that are named are deployed without their \
      dependencies: a database is not touched because its client was deployed.

      Examples:
        ktrdr deploy shop                    everything, at the version of HEAD
        ktrdr deploy shop web worker         two services
        ktrdr deploy shop --dry-run          print the plan only
        ktrdr deploy core backend --tag sha-a1b2c3d
        ktrdr deploy workers B C --profile scale-2
        ktrdr deploy workers all --canary

      'ktrdr deploy TARGET --help' lists the options.
      """,
    subcommands: [DeployNamed.self, DeployCore.self, DeployWorkers.self, DeployTarget.self, DeployGroup.self],
    defaultSubcommand: DeployNamed.self)
}
