import ArgumentParser
import Deployer

/// The version and the profiles to deploy.
struct DeployOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The image tag (default: made from HEAD, as 'tag' of the inventory says; else 'sha-' and 7 characters).",
      valueName: "tag"),
    transform: parsed)
  var tag: ImageTag?

  @Option(
    help: ArgumentHelp("A Compose profile to enable. Can be given more than once.", valueName: "name"),
    transform: parsed)
  var profile: [ProfileName] = []
}
