public import Coppice
import CoppiceInterop
public import CoppiceMaintenance

/// The options of a report.
public struct ReportOptions: Sendable {
  /// The step of a run to show; `nil` shows the run itself.
  public var step: StepChoice?

  /// The checkpoint to compare with, as an address: `PATH[:name[/tree/path]]`.
  public var other: String?

  /// The step of the other checkpoint, where it is a run.
  public var otherStep: StepChoice?

  /// The most differences that the page lists; all are counted.
  public var differenceLimit = 1000

  /// The depth of the validation whose verdict the page shows; `nil` validates nothing.
  ///
  /// `.data` reads every stored byte.
  public var level: ValidationLevel? = .structure

  /// Whether the page has statistics of all arrays, with histograms and thumbnails of the largest ones.
  ///
  /// Every array is then read twice.
  public var hasStatistics = false

  /// The moment that the page names as that of its making.
  public var time = Timestamp.now

  /// The formats to try, and the limits of reading.
  public var opening = OpenOptions(formats: .all)

  /// Puts the messages of faults into the words of a program that shows the page.
  public var words: @Sendable (String) -> String = { $0 }

  /// Makes options for one checkpoint or run, validated by its structure.
  public init() {}
}
