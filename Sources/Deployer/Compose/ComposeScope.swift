/// What one Compose command covers.
struct ComposeScope: Sendable, Equatable {
  var profiles: [String] = []
  /// Empty means every service of the profiles.
  var services: [String] = []
  /// Whether images are pinned by one more compose file, which Compose reads from its standard input.
  var isPinned = false
}
