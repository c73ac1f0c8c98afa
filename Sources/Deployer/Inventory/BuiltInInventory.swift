extension Inventory {
  /// The KTRDR homelab: what holds without any file. Throws ``InventoryErrors`` only if ``InventoryDocument/example``
  /// itself were wrong, which a test rules out.
  public static func builtIn() throws(InventoryErrors) -> Inventory {
    try parse(InventoryDocument.example, origin: .builtIn)
  }
}

extension InventoryDocument {
  /// The built-in homelab as a commented file, for `config init`; the same text as `ktrdr.example.yml`.
  public static let example = """
    # What ktrdr deploys, and where to. No secret belongs in here: only the names of 1Password fields.
    # Found by --config, $KTRDR_CONFIG, the nearest ktrdr.yml upwards, or ~/.config/ktrdr/ktrdr.yml.
    # `ktrdr config check` reports everything that is wrong with it, `ktrdr config show` what ktrdr understood.

    # Where the hosts pull from. Leave it out if they need no login.
    registry:
      server: ghcr.io
      username: kpiteira
      token: ghcr_token              # a field of the item below

    # The 1Password item that holds for every secret that does not say otherwise.
    secrets:
      item: ktrdr-homelab-core
      # vault: KTRDR Homelab Secrets # service accounts and Connect need one
      # account: my.1password.com    # if you are signed in to several

    targets:
      core:
        host: backend.ktrdr.home.mynerd.place   # what you give to ssh; ports and keys belong in ~/.ssh/config
        directory: /opt/ktrdr-core
        # compose_files: [docker-compose.core.yml]   # else what Compose finds by itself
        services: [backend, db]
        environment:                 # plain values; ktrdr itself sets IMAGE_TAG
          DB_NAME: ktrdr
        secrets:                     # variable: field, or {field:, item:, vault:, account:, sensitive:}
          DB_USER: {field: db_username, sensitive: false}   # never printed, but not looked for in output
          DB_PASSWORD: db_password
          JWT_SECRET: jwt_secret
          GF_ADMIN_PASSWORD: grafana_password
        # health_timeout: 2m         # how long to wait for healthy services after a deployment
        # rollback_on_failure: true  # go back to what ran before if they do not become healthy

      workers-b:
        group: workers               # `ktrdr deploy workers B`
        node: B
        host: workers-b.ktrdr.home.mynerd.place
        directory: /opt/ktrdr-workers-b
        profiles: [scale-2, scale-3] # `--profile scale-2`
        secrets:
          DB_USER: {field: db_username, sensitive: false}
          DB_PASSWORD: db_password

      workers-c:
        group: workers
        node: C
        host: workers-c.ktrdr.home.mynerd.place
        directory: /opt/ktrdr-workers-c
        profiles: [scale-2, scale-3]
        secrets:
          DB_USER: {field: db_username, sensitive: false}
          DB_PASSWORD: db_password

    """
}
