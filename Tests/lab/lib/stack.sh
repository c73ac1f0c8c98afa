# Compose files in the shape of KTRDR's own.
stack_dir() { echo "$root/hosts/$1/stack"; }
stack_file() { if [ "$1" = core ]; then echo docker-compose.core.yml; else echo docker-compose.yml; fi; }

write_stack() { # NAME
  local dir
  dir=$(stack_dir "$1")
  mkdir -p "$dir"
  if [ "$1" = core ]; then core_stack; else workers_stack "$1"; fi >"$dir/$(stack_file "$1")"
}

core_stack() {
  local image=$registry/$registry_user
  cat <<COMPOSE
name: ktrdr-core
x-backend: &backend
  image: $image/ktrdr-backend:\${IMAGE_TAG:-latest}
  restart: unless-stopped
  environment:
    DB_HOST: db
    DB_NAME: \${DB_NAME}
    DB_USER: \${DB_USER}
    DB_PASSWORD: \${DB_PASSWORD}
    JWT_SECRET: \${JWT_SECRET}
  depends_on:
    db: {condition: service_healthy}
  networks: [ktrdr]
services:
  db:
    image: $image/ktrdr-db:16
    container_name: ktrdr-db
    restart: unless-stopped
    environment:
      POSTGRES_DB: \${DB_NAME}
      POSTGRES_USER: \${DB_USER}
      POSTGRES_PASSWORD: \${DB_PASSWORD}
    volumes: [db-data:/data]
    healthcheck:
      test: [CMD, pg_isready, -d, ktrdr]
      interval: 300ms
      timeout: 2s
      retries: 5
    networks: [ktrdr]
  backend:
    <<: *backend
    container_name: ktrdr-backend
    volumes: [backend-data:/data]
  mcp:
    <<: *backend
    container_name: ktrdr-mcp
  prometheus:
    image: $image/prometheus:v2
    container_name: ktrdr-prometheus
    restart: unless-stopped
    volumes: [prometheus-data:/data]
    networks: [ktrdr]
  grafana:
    image: $image/grafana:v11
    container_name: ktrdr-grafana
    restart: unless-stopped
    environment:
      GF_SECURITY_ADMIN_PASSWORD: \${GF_ADMIN_PASSWORD}
    volumes: [grafana-data:/data]
    networks: [ktrdr]
  jaeger:
    image: $image/jaeger:v1
    container_name: ktrdr-jaeger
    restart: unless-stopped
    networks: [ktrdr]
volumes: {db-data: {}, backend-data: {}, prometheus-data: {}, grafana-data: {}}
networks:
  ktrdr: {driver: bridge}
COMPOSE
}

workers_stack() { # NAME
  local kind number
  cat <<COMPOSE
name: ktrdr-$1
x-worker: &worker
  image: $registry/$registry_user/ktrdr-backend:\${IMAGE_TAG:-latest}
  restart: unless-stopped
  stop_grace_period: 30s
  environment:
    DB_HOST: backend.ktrdr.lab
    DB_USER: \${DB_USER}
    DB_PASSWORD: \${DB_PASSWORD}
  networks: [ktrdr]
services:
COMPOSE
  for kind in backtest training; do
    for number in 1 2 3; do
      printf '  %s-worker-%s:\n    <<: *worker\n    container_name: ktrdr-%s-worker-%s\n' "$kind" "$number" "$kind" "$number"
      [ "$number" = 1 ] || printf '    profiles: [scale-%s]\n' "$number"
    done
  done
  printf 'networks:\n  ktrdr: {driver: bridge}\n'
}
