import ArgumentParser
import Deployer

/// The version and the profiles to deploy.
struct DeployOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The image tag (default: 'sha-' and the first 7 characters of HEAD).", valueName: "tag"),
    transform: parsed)
  var tag: ImageTag?

  @Option(
    help: ArgumentHelp("A Compose profile to enable. Can be given more than once.", valueName: "name"),
    transform: parsed)
  var profile: [ProfileName] = []
}
