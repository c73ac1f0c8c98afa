import ArgumentParser
import Deployer

/// What to deploy.
struct DeployOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The image tag; else 'sha-' and the first 7 characters of HEAD.", valueName: "tag"),
    transform: parsed)
  var tag: ImageTag?

  @Option(
    help: ArgumentHelp("A Compose profile to deploy with; may be given several times.", valueName: "name"),
    transform: parsed)
  var profile: [ProfileName] = []
}
