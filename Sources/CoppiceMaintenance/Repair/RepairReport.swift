package import CoppiceFiles
public import CoppiceModel

/// What a repair found, made anew, and could not bring back.
public struct RepairReport: Sendable {
  /// One thing to know of the result.
  public struct Note: Hashable, Sendable {
    /// The kinds of notes.
    public enum Kind: String, Sendable {
      /// A document was made anew.
      case rebuilt
      /// What is proven to be as it was saved.
      case kept
      /// Data that are there, but can't be proven to be those that were saved.
      case unproven
      /// What the result is without.
      case lost
      /// What the result would need and nothing holds: there is no result then.
      case unrecoverable
    }

    /// The kind of the note.
    public var kind: Kind
    /// The file or the part that it is about.
    public var place: String
    /// The note in words.
    public var message: String

    /// Makes a note.
    public init(_ kind: Kind, _ place: String, _ message: String) {
      self.kind = kind
      self.place = place
      self.message = message
    }
  }

  /// What validation says of the checkpoint as it is.
  public var faults: [CoppiceError]

  /// What was done, in order.
  public var notes: [Note] = []

  /// Whether a valid checkpoint can be made.
  public var isRecoverable: Bool { !notes.contains { $0.kind == .unrecoverable } }

  init(faults: [CoppiceError]) { self.faults = faults }
}

/// The choices of a repair.
package struct RepairOptions: Sendable {
  package var limits = ReadLimits.standard
  /// Where libhdf5 parses the files: they are damaged, or may be.
  package var hdf5 = HDF5Access.inProcess
  package var writing = WriteOptions()

  package init() {}
}
