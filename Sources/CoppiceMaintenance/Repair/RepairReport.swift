package import CoppiceFiles
public import CoppiceModel

/// The findings of a repair: what was kept, rebuilt, and lost.
public struct RepairReport: Sendable {
  /// One finding about the result.
  public struct Note: Hashable, Sendable {
    /// The kind of a note.
    public enum Kind: String, Sendable {
      /// A document was rebuilt.
      case rebuilt
      /// Data or a document are proven to be as they were saved.
      case kept
      /// Data exist, but can't be proven to be those that were saved.
      case unproven
      /// The result lacks something that the checkpoint had.
      case lost
      /// Something that the result needs can't be recovered, so that there is no result.
      case unrecoverable
    }

    /// The kind of the note.
    public var kind: Kind
    /// The file or the checkpointable that the note is about.
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

  /// The errors that validation finds in the damaged checkpoint.
  public var faults: [CoppiceError]

  /// The notes, in the order of the work.
  public var notes: [Note] = []

  /// Whether a valid checkpoint can be made.
  public var isRecoverable: Bool { !notes.contains { $0.kind == .unrecoverable } }

  init(faults: [CoppiceError]) { self.faults = faults }
}

extension RepairReport.Note: CustomStringConvertible {
  /// One line: `place: message`.
  public var description: String { "\(place): \(message)".printable(keepingEndsOf: 2000) }
}

/// The choices of a repair.
package struct RepairOptions: Sendable {
  package var limits = ReadLimits.standard
  /// The process in which libhdf5 parses the files, which may be damaged.
  package var hdf5 = HDF5Access.inProcess
  package var writing = WriteOptions()

  package init() {}
}
