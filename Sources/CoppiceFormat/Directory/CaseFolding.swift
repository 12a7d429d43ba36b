/// Full Unicode case folding, derived from the standard library's scalar properties.
///
/// The standard library has no folding table. A scalar that folding changes folds to the lower case
/// of the upper case of its lower case. The exception is Cherokee, whose small letters fold to
/// capitals. For each scalar, the result equals the folding table of Unicode 14.
enum CaseFolding {
  /// Returns the folded text.
  ///
  /// Swift compares strings by canonical equivalence, so two results are equal where their
  /// normalised forms are.
  static func fold(_ text: String) -> String {
    var folded = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      switch scalar.value {
      case _ where !properties.changesWhenCaseFolded: folded.append(scalar)
      case 0x13F8...0x13FD, 0xAB70...0xABBF:
        folded.append(contentsOf: properties.uppercaseMapping.unicodeScalars)
      default:
        for lower in properties.lowercaseMapping.unicodeScalars {
          for upper in lower.properties.uppercaseMapping.unicodeScalars {
            folded.append(contentsOf: upper.properties.lowercaseMapping.unicodeScalars)
          }
        }
      }
    }
    return String(folded)
  }
}
