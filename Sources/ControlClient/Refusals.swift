// The error object of the local API, out of an answer's body.

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Reads refusals.
enum Refusals {
    private struct Body: Decodable {
        struct Failure: Decodable {
            var code: String?
            var message: String?
            var whatToDo: String?
            var driver: String?

            enum CodingKeys: String, CodingKey {
                case code
                case message
                case driver
                case whatToDo = "what_to_do"
            }
        }
        var error: Failure
    }

    /// The refusal in this answer; one made of the status if the body is not the local API's error object.
    static func refusal(in answer: ControlAnswer) -> ControlRefusal {
        let failure = try? JSONDecoder().decode(Body.self, from: Data(answer.body)).error
        return ControlRefusal(
            status: answer.status, code: failure?.code ?? "",
            message: failure?.message ?? "The daemon answered with status \(answer.status) and no reason.",
            whatToDo: failure?.whatToDo ?? "Check that tool and daemon are of the same version.",
            driver: failure?.driver ?? "")
    }
}
