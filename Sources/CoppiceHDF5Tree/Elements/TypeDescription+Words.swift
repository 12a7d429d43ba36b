import CoppiceHDF5
import CoppiceModel

extension TypeDescription {
  /// A description of one element, for messages.
  var words: String {
    switch self {
    case .integer(let form):
      "an integer of \(form.precision) bits in \(Self.bytes(form.byteCount))"
    case .float(let form):
      "a float of \(Self.bytes(form.byteCount)) with \(form.exponentBits) bits of exponent and "
        + "\(form.mantissaBits) of mantissa"
    case .string(let count, _, _): "a text of \(Self.bytes(count))"
    case .variableString: "a text of any length"
    case .bitfield(let count, _): "a bit field of \(Self.bytes(count))"
    case .opaque(let count, let tag):
      "an opaque value of \(Self.bytes(count))"
        + (tag.isEmpty ? "" : " tagged \"\(String(decoding: tag, as: UTF8.self).printable)\"")
    case .enumeration(let base, _): "an enumeration over \(base.words)"
    case .compound(_, let members): "a compound of \(Self.list(members))"
    case .array(let base, _): "an array of which each element is \(base.words)"
    case .variableLength: "a sequence of any length"
    case .reference: "a reference to an object or a region"
    case .unknown(let typeClass, let count):
      typeClass == 2
        ? "a point in time"
        : "a value of \(Self.bytes(count)) of a class (\(typeClass)) that is not known"
    }
  }

  /// A way to save the elements so that an array can hold them, where one is known.
  var remedy: String? {
    switch self {
    case .integer: "save integers of 8, 16, 32 or 64 bits"
    case .float: "save float64"
    case .opaque:
      "h5py stores types so that HDF5 doesn't have, bfloat16 among them: an attribute \"dtype\" would say "
        + "which one it is"
    case .compound: "save each member as a dataset of its own"
    case .variableLength(let base) where (try? ElementForm(base, named: nil)) != nil:
      "set `readsSequences` to get lists of arrays, which take memory"
    case .variableLength:
      "save the elements of all sequences as one array, and the lengths as another"
    case .enumeration(let base, _), .array(let base, _): base.remedy
    default: nil
    }
  }

  private static func bytes(_ count: Int) -> String { "\(count) byte\(count == 1 ? "" : "s")" }

  private static func list(_ members: [CompoundMember]) -> String {
    let names = members.prefix(4).map { String(decoding: $0.name, as: UTF8.self).printable }
    return "\(members.count) member\(members.count == 1 ? "" : "s") ("
      + names.joined(separator: ", ") + (members.count > 4 ? ", …)" : ")")
  }
}
