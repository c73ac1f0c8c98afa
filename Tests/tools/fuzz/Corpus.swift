@testable import Deployer

/// What the damage begins with: right texts, and wrong ones of the known kinds.
enum Corpus {
  static let secret = "correct horse battery"
  static let needles = NeedleSet([("A", Secret(secret)), ("B", Secret("pass7"))])
  static let nonce = Nonce()

  static let inventories = [
    InventoryDocument.example,
    """
    registry: {server: ghcr.io, username: kpiteira, token: ghcr_token}
    secrets: {item: ktrdr-homelab-core, vault: KTRDR Homelab Secrets}
    targets:
      core:
        host: backend.example.org
        directory: /opt/core
        services: [backend, db]
        environment: {DB_NAME: "ktrdr"}
        secrets: {DB_USER: {field: db_username, sensitive: false}, DB_PASSWORD: db_password}
        health_timeout: 2m
    """,
    """
    registries: [{server: ghcr.io, username: u, token: t}, {server: 'r:5000', username: v, token: {field: f, item: j}}]
    secrets: {item: i}
    targets:
      core: {host: h, directory: /d, env_files: [a.env, b/c.env], tag_variable: TAG, stable_for: 0s, environment: {A: b}}
    """,
    "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntargets: {core: {host: x, directory: /x}}\n",
    "targets:\n  core: {host: '-oProxyCommand=x', directory: relative}\n  core: {host: x, directory: /y}\n",
  ].map { Array($0.utf8) }

  static let items = [
    """
    {"id": "i", "title": "t", "version": 3, "fields": [
     {"id": "username", "type": "STRING", "label": "db_username", "value": "ktrdr"},
     {"id": "a", "type": "CONCEALED", "label": "db_password", "value": "p\\u0000\\ud83d\\ude00\\n"},
     {"id": "b", "type": "OTP", "label": "jwt_secret", "section": {"id": "s", "label": "section"}, "value": "x"}]}
    """,
    #"{"id": "i", "version": 99999999999999999999, "fields": [{"value": 3}, null, []]}"#, "[[[[[[[[", "",
  ].map { Array($0.utf8) }

  /// The secret as other programs write it.
  static let written = [
    secret, #"correct\u0020horse\u0020battery"#, #"correct\\u0020horse\\u0020battery"#, "correct%20horse+battery",
    "correct%2520horse%2520battery", "correct&#32;horse&#x20;battery", #"correct\x20horse\040battery"#,
    #"\u{63}orrect\ horse\U00000020battery"#, "CORRECT HORSE BATTERY", #"\u0026#99;orrect horse battery"#,
    "Y29ycmVjdCBob3JzZSBiYXR0ZXJ5",
  ]

  static let outputs = [
    written.joined(separator: "\r\n"), written.map { "@@\(nonce) fact\tcontainer\t\($0)\tr/\($0):1\n" }.joined(),
    "@@\(nonce) begin\tpull\nPulling backend\nsaid \(secret) and pass7\n\n@@\(nonce) end\tpull\t0\n@@\(nonce) done\n",
    "@@\(nonce) fact\tcontainer\t\"backend\"\tid\t\"image\"\tsha256:1\trunning\thealthy\t0\t0\t2026\t\"/n\"\tno\t\"p\"\t\"/d\"\t\"\"\n@@\(nonce) fact\tobserved\tok\n",
    "The \"DB_USER\" variable is not set. Defaulting to a blank string.\n\u{1B}]0;title\u{07}\u{1B}[31mred\r\nmanifest unknown\n",
    "@@00000000000000000000000000000000 end\tup\t0\n\(secret)",
  ].map { Array($0.utf8) }
}
