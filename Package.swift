// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// The commit and its date, as `ktrdr --version` says them. Only the Makefile sets it, for a program that others will run: it
/// ends up in one small object file, so that another commit compiles nothing else.
let commit = Context.environment["KTRDR_COMMIT"].map { CSetting.define("KTRDR_COMMIT", to: "\"\($0)\"") }

let package = Package(
  name: "ktrdr",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "ktrdr", targets: ["ktrdr"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
  ],
  targets: [
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .systemLibrary(name: "CProcess"),
    .target(name: "CCommit", cSettings: [commit].compactMap { $0 }),
    .target(name: "Platform", swiftSettings: strict),
    .target(
      name: "Ledger",
      dependencies: ["CSQLite", "Platform", .target(name: "CCrypto", condition: .when(platforms: [.linux]))],
      swiftSettings: strict,
      // From the archive: one function is not worth 0.6 ms of every start for a library of four megabytes.
      linkerSettings: [.linkedLibrary(":libcrypto.a", .when(platforms: [.linux]))]),
    .target(
      name: "Deployer",
      dependencies: [
        "CProcess", "CYAML", "Ledger", "Platform",
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      exclude: ["Host/Shell/upload.sh"],
      resources: ["anchors", "change", "check", "compose", "lock", "markers", "observe"].map {
        .embedInCode("Host/Shell/\($0).sh")
      },
      swiftSettings: strict),
    .executableTarget(
      name: "ktrdr",
      dependencies: [
        "CCommit", "Deployer", "Ledger", "Platform",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: ["bash", "zsh", "fish"].map { .embedInCode("Completion/Shells/ktrdr.\($0)") }
        + [.embedInCode("Report/report.css")],
      swiftSettings: strict),
    .executableTarget(
      name: "ledger-writer", dependencies: ["Ledger", "Platform"], path: "Tests/tools/ledger-writer",
      swiftSettings: strict),
    .executableTarget(
      name: "ledger-fixture", dependencies: ["Ledger", "Platform"], path: "Tests/tools/ledger-fixture",
      swiftSettings: strict),
    .executableTarget(
      name: "ledger-bench", dependencies: ["Ledger", "Platform"], path: "benchmarks/ledger",
      exclude: ["baseline.c", "run.sh"],
      swiftSettings: strict),
    .executableTarget(
      name: "fuzz", dependencies: ["Deployer", "Platform"], path: "Tests/tools/fuzz", swiftSettings: strict),
    .executableTarget(
      name: "redaction-bench", dependencies: ["Deployer", "Platform"], path: "benchmarks/redaction",
      swiftSettings: strict),
    .executableTarget(
      name: "ledger-flipper", dependencies: ["Ledger", "Platform"], path: "Tests/tools/ledger-flipper",
      swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Platform", .product(name: "Subprocess", package: "swift-subprocess")],
      path: "Tests/Support", swiftSettings: strict),
    .target(
      name: "Fakes", dependencies: ["Deployer", "Ledger", "Platform", "TestSupport"], path: "Tests/Fakes",
      swiftSettings: strict),
    .target(
      name: "DeploymentModel", dependencies: ["Deployer", "Fakes", "Ledger", "Platform", "TestSupport"],
      path: "Tests/Model", exclude: ["mutants.py"], swiftSettings: strict),
    .executableTarget(
      name: "model-check", dependencies: ["CSQLite", "DeploymentModel", "Platform"], path: "Tests/tools/model-check",
      swiftSettings: strict),
    .testTarget(
      name: "LedgerTests",
      dependencies: ["Ledger", "Platform", "TestSupport", "ledger-writer", "ledger-fixture", "ledger-flipper"],
      exclude: ["stored", "rewrite.py"], swiftSettings: strict),
    .testTarget(
      name: "DeployerTests",
      dependencies: [
        "Deployer", "Ledger", "Platform", "DeploymentModel", "Fakes", "TestSupport",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ktrdrTests", dependencies: ["ktrdr", "Deployer", "Ledger", "Platform", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SystemTests",
      dependencies: ["Deployer", "ktrdr", "Ledger", "ledger-flipper", "ledger-writer", "Platform", "TestSupport"],
      exclude: ["Completion/type.py"],
      swiftSettings: strict),
    .testTarget(
      name: "LabTests", dependencies: ["Deployer", "ktrdr", "Ledger", "Platform", "DeploymentModel", "TestSupport"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
