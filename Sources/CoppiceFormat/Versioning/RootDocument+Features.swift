package import CoppiceModel

extension RootDocument {
  /// The features that the document itself uses; its checkpointables may use more.
  ///
  /// Spec: VER-5.
  package var features: Set<Feature> {
    checkpointables.contains { if case .composite = $0.entry { true } else { false } }
      ? [.composite] : []
  }

  /// Returns a fault for each feature that is used but not listed.
  ///
  /// Spec: VER-6.
  package func undeclared(_ used: Set<Feature>) -> [CoppiceError] {
    used.subtracting(requiredFeatures).map(\.rawValue).sorted().map {
      fault(.versioningUndeclaredFeature, "the checkpoint uses \"\($0)\", but doesn't list it")
    }
  }

  /// Returns a fault for each feature that is listed but not used.
  package func unused(_ used: Set<Feature>) -> [CoppiceError] {
    requiredFeatures.subtracting(used).map(\.rawValue).sorted().map {
      fault(.versioningUnusedFeature, "the checkpoint lists \"\($0)\", but doesn't use it")
    }
  }

  private func fault(_ code: CoppiceError.Code, _ message: String) -> CoppiceError {
    CoppiceError(code, message, at: .init(file: file, pointer: "/required_features"))
  }
}
