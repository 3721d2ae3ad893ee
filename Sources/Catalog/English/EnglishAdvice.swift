// Refusals and what a driver does next, in English.

import Post

extension English {
    static func advice(_ advice: DriverAdvice) -> String {
        switch advice {
        case .releaseEmergencyStop:
            "When the danger is over, turn the red button to release it, unplug your vehicle and start again."
        case .leaveThePlug: "Do not touch the plug or pull the cable. Please call the number on this post."
        case .keepAway: "Keep away from this post and its cable, please, and use another one."
        case .useAnother: "Please use another connector or another post."
        case .comeLater: "Please come back later or charge at another site."
        case .unplugAndRetry: "Unplug your vehicle, plug it in again and start once more."
        case .unplugAndUseAnother: "Unplug your vehicle and use another connector, please."
        case .letItCool: "Do not touch the handle until it has cooled down, in a few minutes."
        case .pushPlugHome: "Unplug, push the plug all the way in until it clicks, and start again."
        case .pullPlugAgain:
            "Press stop, then pull the plug straight out without force. If it stays stuck, call the number on this post."
        case .readyTheVehicle: "Check that your vehicle is set to charge, then unplug, plug in and start again."
        case .justWait: "Please wait a moment; it goes on by itself."
        case .nothingToDo: "You need not do anything; charging goes on."
        case .anotherCard: "Try another card, or use another post."
        case .askProvider: "Try another card, or ask the provider of this one."
        case .cardLater: "Try another card, or come back with this one later."
        case .sameCard: "Use the card that started the session to stop it, or another card to start a new one."
        case .stopOrAnotherCard:
            "To end the other session press stop; to start a new one use another card."
        case .ownCard: "Use the card that started this session to stop it, or use another connector."
        case .tapAgain: "Wait a moment, then hold your card to the reader again."
        case .anotherReader:
            "Use another reader or post, or try again in a few minutes."
        case .tapSlowly: "Hold your card flat and still to the reader for a second, or try another card."
        case .tapInTurn: "Wait until the other card is done, then hold yours to the reader."
        case .plugInFirst: "Plug in your vehicle, then hold your card to the reader again."
        case .checkConnector: "Check the number and ask again."
        case .unplugFirst: "Wait until the vehicle here is done and unplugged, or use another connector."
        case .clearTheCause: "Remove the cause of the fault first, then clear it."
        case .nothingRuns: "You need not do anything; no energy flows here."
        case .nothingChanged:
            "You need not do anything: nothing has changed at this post, and cards work as before."
        case .smallerLimits:
            "Cards on this post's list work, some for less energy than usual; the operator has been told."
        case .plugOrTap: "Plug in your vehicle or hold your card to the reader."
        case .tapIfYours: "If the booking is yours, hold your card to the reader; if not, use another connector."
        case .tap: "Hold your card to the reader."
        case .plugIn: "Plug in your vehicle."
        case .startsByItself: "You need not do anything; charging starts by itself."
        case .stopByButton: "To stop, press stop."
        case .stopAnyTime: "To stop, press stop or hold your card to the reader."
        case .resumesByItself: "Charging resumes by itself; to end it, press stop."
        case .releasedSoon: "Please wait; the plug is free in a moment."
        case .unplug: "Please unplug your vehicle."
        }
    }

    static let refusals: [RefusalText] = [
        RefusalText(
            .unknownToken, "This post does not know your card.",
            "Put the card on the list, or let the post ask the cloud about unknown cards."),
        RefusalText(
            .expiredToken, "Your card has expired.",
            "Renew the entry on the list if the contract still holds."),
        RefusalText(
            .notYetValidToken, "Your card is not valid yet.",
            "Check the first day of the entry on the list."),
        RefusalText(
            .blockedToken, "Your card is blocked.",
            "Ask the provider why the card is blocked; unblock it in the list if that is wrong."),
        RefusalText(
            .tokenInUse, "Your card is already charging another vehicle.",
            "Nothing: one card has one session; end the other session if it has been forgotten."),
        RefusalText(
            .tokenTooSoon, "Your card was used a moment ago.",
            "Nothing: the list asks for a pause between two sessions of this card."),
        RefusalText(
            .sessionsUsedUp, "Your card has used all its sessions for now.",
            "Raise the number of sessions on the list if the contract allows more."),
        RefusalText(
            .energyUsedUp, "Your card has used all its energy for now.",
            "Raise the energy on the list if the contract allows more, or install a fresher list."),
        RefusalText(
            .notYourSession, "This session was started with another card.",
            "Nothing: only the same card or its group stops a session; you may stop it yourself."),
        RefusalText(
            .lookUpTooLate, "Your card could not be checked in time.",
            "Check the disk that holds the list: its health and what else uses it."),
        RefusalText(
            .lookUpDamaged, "Your card could not be checked because the list is damaged.",
            "Install the list again and check the disk that holds it."),
        RefusalText(
            .readerGarbage, "Your card could not be read.",
            "If it happens often, clean the reader, check its cable, or replace it."),
        RefusalText(
            .readerBusy, "Another card is being checked right now.",
            "Nothing: the reader serves one card after the other."),
        RefusalText(
            .noList, "This post has no list of cards that it can use.",
            "Install a signed list, or bring back the connection to the cloud."),
        RefusalText(
            .cloudRefused, "The provider of your card has refused it.",
            "Ask the provider; the post only passes its answer on."),
        RefusalText(
            .cloudTooLate, "The provider of your card did not answer in time.",
            "Put the card on the list, so that nobody has to be asked; check the connection to the cloud."),
        RefusalText(
            .cloudFailed, "The provider of your card could not be asked.",
            "Put the card on the list, so that nobody has to be asked; read the cloud's last error."),
        RefusalText(
            .connectorFaulted, "This connector has a fault.",
            "See the fault of the connector and its remedy."),
        RefusalText(
            .connectorUnavailable, "This connector is out of service.",
            "Put it back into service if its work is done."),
        RefusalText(
            .connectorReserved, "This connector is booked for somebody else.",
            "Cancel the booking if it is not needed."),
        RefusalText(
            .connectorBusy, "This connector is in use.",
            "Wait for the session to end, or stop it."),
        RefusalText(
            .noVehicle, "No vehicle is plugged in.",
            "Ask the driver to plug in first, or start the session again once they have."),
        RefusalText(
            .recordsFailing, "This post cannot write down sessions right now.",
            "Check the disk: free space, mount options, health."),
        RefusalText(
            .notReadyYet, "This post is not ready yet.",
            "Wait half a minute; if it stays so, read what the connector waits for."),
        RefusalText(
            .nothingToStop, "There is no session to stop here.",
            "Check the number of the connector."),
        RefusalText(
            .faultStillPresent, "The cause of the fault is still there.",
            "Follow the remedy of the fault first, then clear it."),
        RefusalText(
            .noSuchConnector, "This post has no connector of that number.",
            "Read the connectors of this post in its status; they count from 1 on the screen."),
        RefusalText(
            .noSuchFault, "This connector does not have that fault.",
            "Read the present faults in the status."),
        RefusalText(
            .exposureUsedUp, "This post may start no more sessions until it is online again.",
            "Bring back the connection, so that the cloud hears of the energy; or let the list permit more at risk."
        ),
        RefusalText(
            .readerPaused, "This reader pauses because too many unknown cards were shown.",
            "Look who stands at the reader; the list says how many unknown cards make it pause, and for how long."),
        RefusalText(
            .mustAskProvider, "The provider of your card must be asked, and cannot be reached.",
            "Nothing: the provider permits no answer from a list; bring back the connection to the cloud."),
        RefusalText(
            .deniedInSession, "Charging was stopped because your card has been blocked.",
            "Ask the office that signs the deny object why it names this card; the session has ended in the orderly way."
        ),
    ]
}
