extension Inventory {
  /// The KTRDR homelab, used when there is no inventory file. Throws ``InventoryErrors`` only if
  /// ``InventoryDocument/example`` is invalid, which a test rules out.
  public static func builtIn() throws(InventoryErrors) -> Inventory {
    try parse(InventoryDocument.example, origin: .builtIn)
  }
}

extension InventoryDocument {
  /// The built-in homelab as a commented file, written by `config init --example ktrdr`. `ktrdr.example.yml` has the same
  /// text.
  public static let example = """
    # What ktrdr deploys, and where. Never put a secret here, only the names of 1Password fields.
    # ktrdr reads --config, $KTRDR_CONFIG, the nearest ktrdr.yml in this directory or above, or
    # ~/.config/ktrdr/ktrdr.yml, in that order.
    # `ktrdr config check` reports every mistake in this file, `ktrdr config show` prints it as ktrdr reads it.

    # The registry that the hosts pull from. Leave it out if it needs no login. For several, write a list:
    # registries: [{server: ghcr.io, username: …, token: …}, {server: …, username: …, token: …}]
    registry:
      server: ghcr.io
      username: kpiteira
      token: ghcr_token              # a field of the item below

    # The default 1Password item for every secret.
    secrets:
      item: ktrdr-homelab-core
      # vault: KTRDR Homelab Secrets # required for service accounts and Connect
      # account: my.1password.com    # if you are signed in to more than one

    # Where commits and images can be looked at: links on terminals. {name} is ktrdr-backend, without the registry.
    # links: {commit: "https://github.com/kpiteira/ktrdr/commit/{sha}", image: "https://github.com/kpiteira/ktrdr/pkgs/container/{name}"}

    targets:
      core:
        host: backend.ktrdr.home.mynerd.place   # as for ssh; ports and keys belong in ~/.ssh/config
        directory: /opt/ktrdr-core
        compose_files: [docker-compose.core.yml]   # default: the files Compose finds itself
        # env_files: [.env, prod.env]   # instead of Compose's own .env
        services: [backend, db]      # which services may be deployed alone; default: all that Compose lists
        # tag_variable: TAG          # the variable that ktrdr sets to the image tag; default: IMAGE_TAG
        # tag: {from: git, format: "sha-{sha:7}"}   # the tag without --tag; also {tag}, {branch}, at the top for all
        environment:                 # plain values
          KTRDR_DB_NAME: ktrdr       # KTRDR's newer compose files read the names with KTRDR_, older ones those without
          DB_NAME: ktrdr
        secrets:                     # variable: field, or {field:, item:, vault:, account:, sensitive:}
          KTRDR_DB_USER: {field: db_username, sensitive: false}   # never printed, but not redacted in output
          KTRDR_DB_PASSWORD: db_password
          KTRDR_AUTH_JWT_SECRET: jwt_secret
          GF_ADMIN_PASSWORD: grafana_password
          DB_USER: {field: db_username, sensitive: false}
          DB_PASSWORD: db_password
          JWT_SECRET: jwt_secret
        # up_timeout: 30m            # how long Compose may take, with the jobs that services wait for
        # health_timeout: 2m         # how long to wait until the services are healthy
        # stable_for: 10s            # how long a service without a health check must stay up
        # rollback_on_failure: true  # roll back if they do not become healthy

      workers-b:
        group: workers               # `ktrdr deploy workers B`
        node: B
        host: workers-b.ktrdr.home.mynerd.place
        directory: /opt/ktrdr-workers-b
        compose_files: [docker-compose.workers.yml]
        profiles: [scale-2, scale-3] # `--profile scale-2`
        environment:
          WORKER_HOSTNAME: workers-b.ktrdr.home.mynerd.place   # where the backend finds the workers
          KTRDR_DB_NAME: ktrdr
          DB_NAME: ktrdr
        secrets:
          KTRDR_DB_USER: {field: db_username, sensitive: false}
          KTRDR_DB_PASSWORD: db_password
          DB_USER: {field: db_username, sensitive: false}
          DB_PASSWORD: db_password

      workers-c:
        group: workers
        node: C
        host: workers-c.ktrdr.home.mynerd.place
        directory: /opt/ktrdr-workers-c
        compose_files: [docker-compose.workers.yml]
        profiles: [scale-2, scale-3]
        environment:
          WORKER_HOSTNAME: workers-c.ktrdr.home.mynerd.place
          KTRDR_DB_NAME: ktrdr
          DB_NAME: ktrdr
        secrets:
          KTRDR_DB_USER: {field: db_username, sensitive: false}
          KTRDR_DB_PASSWORD: db_password
          DB_USER: {field: db_username, sensitive: false}
          DB_PASSWORD: db_password

      gpu:
        group: workers
        node: GPU
        host: ktrdr-gpuworker.ktrdr.home.mynerd.place
        directory: /opt/ktrdr-gpu-worker
        compose_files: [docker-compose.gpu-worker.yml]
        environment:
          KTRDR_DB_NAME: ktrdr
          DB_NAME: ktrdr
        secrets:
          KTRDR_DB_USER: {field: db_username, sensitive: false}
          KTRDR_DB_PASSWORD: db_password
          DB_USER: {field: db_username, sensitive: false}
          DB_PASSWORD: db_password

    """
}
