import HDF5

extension TypeDescription {
  /// What the elements are, for messages.
  var words: String {
    switch self {
    case .integer(let form):
      "integers of \(form.precision) bits in \(form.byteCount) bytes"
    case .float(let form):
      "floats of \(form.byteCount) bytes with \(form.exponentBits) bits of exponent and "
        + "\(form.mantissaBits) of mantissa"
    case .string(let count, _, _): "texts of \(count) bytes"
    case .variableString: "texts of any length"
    case .bitfield(let count, _): "bit fields of \(count) bytes"
    case .opaque(let count, let tag):
      "opaque values of \(count) bytes"
        + (tag.isEmpty ? "" : " tagged \"\(String(decoding: tag, as: UTF8.self))\"")
    case .enumeration(let base, _): "enumerations over \(base.words)"
    case .compound(_, let members):
      "compounds of \(members.prefix(4).map { String(decoding: $0.name, as: UTF8.self) }.joined(separator: ", "))"
        + (members.count > 4 ? ", …" : "")
    case .array(let base, _): "arrays of \(base.words)"
    case .variableLength: "sequences of any length"
    case .reference: "references"
    case .unknown(let typeClass, let count):
      typeClass == 2
        ? "points in time" : "values of \(count) bytes of a class (\(typeClass)) that is not known"
    }
  }
}
