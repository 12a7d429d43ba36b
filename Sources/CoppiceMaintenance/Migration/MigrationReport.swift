/// The result of a migration.
public struct MigrationReport: Sendable {
  /// The version of the source.
  public var version: String

  /// The path of the result; `nil` when nothing was written.
  public var result: FilePath?

  /// The steps that were migrated; `nil` for a single checkpoint.
  public var steps: [Int]?

  /// The notes about everything that was inferred or can't be known.
  public var notes: [ConversionNote] = []

  /// Whether the source already has the newest version.
  public var isCurrent = false
}
