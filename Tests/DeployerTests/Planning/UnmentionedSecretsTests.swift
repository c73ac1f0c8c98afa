import Testing

@testable import Deployer

/// What Compose 2.26 prints with `--no-interpolate`, and which secrets it mentions.
struct UnmentionedSecretsTests {
  @Test(arguments: [
    (#"{"environment": {"A": "${SECRET}"}}"#, true), (#"{"environment": {"A": "x$SECRET"}}"#, true),
    (#"{"environment": {"A": "${SECRET:?deployed by ktrdr}"}}"#, true), (#"{"environment": ["SECRET", "B=1"]}"#, true),
    (#"{"environment": ["B=1", "SECRET"]}"#, true), (#"{"environment": {"SECRET": null}}"#, true),
    (#"{"secrets": {"s": {"environment": "SECRET", "name": "s"}}}"#, true), (#"{"build": {"args": null}}"#, true),
    (#"{"environment": {"SECRET": "literal"}}"#, false), (#"{"environment": ["SECRET=literal"]}"#, false),
    (#"{"environment": {"A": "${SECRET_2}", "MY_SECRET": null}}"#, false), (#"{"env_file": [".env"]}"#, false),
  ])
  func `a secret is mentioned wherever Compose can take its value from`(json: String, isMentioned: Bool) {
    #expect(UnmentionedSecrets.of(["SECRET"], in: json) == (isMentioned ? [] : ["SECRET"]))
  }
}
