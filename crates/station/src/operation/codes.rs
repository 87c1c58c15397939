//! What the station finds.

use caravan_postal::codes;

codes! {
    /// A line of an operations table cannot be read.
    OPERATION_UNREADABLE = "operation-unreadable", Hold, [column, found];
    /// A table of operations has no column that it needs.
    OPERATION_COLUMN_MISSING = "operation-column-missing", Fatal, [column];
    /// An operation names an item that nobody declared or scanned.
    ITEM_UNKNOWN = "item-unknown", Warning, [operation, item];
    /// Customs has decided about an item of which nothing else is known yet.
    DECIDED_WITHOUT_DATA = "decided-without-data", Hold, [item, decision];
    /// Customs keeps something that nobody can stop here: it is not known, or no longer here.
    DECISION_TOO_LATE = "decision-too-late", Hold, [decision, subject, state];
    /// An operation names a receptacle that is not there.
    RECEPTACLE_UNKNOWN = "receptacle-unknown", Warning, [operation, receptacle];
    /// An operation names a container that is not there.
    CONTAINER_UNKNOWN = "container-unknown", Warning, [operation, container];
    /// An operation names a departure that is not in the timetable.
    DEPARTURE_UNKNOWN = "departure-unknown", Warning, [operation, departure];
    /// An operation does not fit what has already happened.
    OPERATION_OUT_OF_TURN = "operation-out-of-turn", Warning, [operation, subject, state];
    /// An item is here and nobody has declared it.
    PRESENT_WITHOUT_DATA = "present-without-data", Hold, [item];
    /// No partner office is configured for the item's destination.
    NO_PARTNER = "no-partner", Hold, [country];
    /// The scale shows another weight than the declaration.
    ITEM_WEIGHT_DIFFERS = "item-weight-differs", Warning, [declared, scale];
    /// The scale shows another weight than the receptacle's items and tare.
    RECEPTACLE_WEIGHT_DIFFERS = "receptacle-weight-differs", Hold, [expected, scale];
    /// A bagged item's new declaration sends it by another stream than its receptacle's.
    RECEPTACLE_WRONG = "receptacle-wrong", Hold, [receptacle, stream];
    /// A dispatch has given all its serials and cannot close yet, so that no other can begin.
    DISPATCH_FULL = "dispatch-full", Hold, [dispatch];
    /// A series has used up its numbers for the year.
    NUMBERS_EXHAUSTED = "numbers-exhausted", Hold, [series];
    /// A receptacle from another office goes to an office that no route serves.
    NO_ROUTE = "no-route", Hold, [office];
    /// A receptacle from another office is air mail, which no route of a surface station carries.
    AIR_MAIL = "air-mail", Hold, [category];
    /// A container number is one of ISO 6346 in form but not in its check digit.
    CONTAINER_NUMBER_WRONG = "container-number-wrong", Warning, [found];
    /// The same identifier was declared again with another country or addressee.
    IDENTIFIER_REUSED = "identifier-reused", Hold, [item];
    /// The same identifier stands twice in one file.
    IDENTIFIER_REPEATED = "identifier-repeated", Hold, [item];

    // Corrections, and customs' acts on what is closed.
    /// A partial release names a piece that the declaration does not have.
    PIECE_UNKNOWN = "piece-unknown", Warning, [item, piece];
    /// A partial release would leave nothing of a declaration.
    NOTHING_REMAINS = "nothing-remains", Warning, [item];
    /// A version of a declaration changes what only its sender may change, and the sender has not confirmed it.
    DECLARATION_CHANGED = "declaration-changed", Hold, [what, version];
    /// The sender asks for an item back that has left.
    RECALLED_TOO_LATE = "recalled-too-late", Warning, [item, office];
    /// A dispatch was advised here that is made up for another office.
    DISPATCH_ELSEWHERE = "dispatch-elsewhere", Hold, [dispatch, office];
    /// An operation names a dispatch for this office of which nothing is known.
    DISPATCH_UNKNOWN = "dispatch-unknown", Warning, [operation, dispatch];
    /// A receptacle has come for this office that nobody advised.
    RECEPTACLE_UNADVISED = "receptacle-unadvised", Warning, [receptacle];
    /// A receptacle was advised and has not come.
    RECEPTACLE_MISSING = "receptacle-missing", Warning, [receptacle];
    /// A receptacle has come after its dispatch was answered.
    RECEPTACLE_LATE = "receptacle-late", Warning, [receptacle];
    /// A receptacle from another office weighs something else than was advised, or than its label says.
    ADVISED_WEIGHT_DIFFERS = "advised-weight-differs", Warning, [advised, scale];
    /// An item was listed in a receptacle that is opened, and nobody has seen it.
    ITEM_MISSING = "item-missing", Warning, [item, receptacle];
    /// An item that had left is here again.
    ITEM_BACK = "item-back", Warning, [item, receptacle];
    /// Customs asks for another amount than the assessment says.
    DUTY_DIFFERS = "duty-differs", Warning, [assessed, stated];
    // What is heard back.
    /// A message or an operation names a dispatch that did not leave from here.
    DISPATCH_NOT_SENT = "dispatch-not-sent", Hold, [operation, dispatch];
    /// A message names a consignment that did not leave from here.
    CONSIGNMENT_NOT_SENT = "consignment-not-sent", Hold, [operation, consignment];
    /// The answers so far do not account for everything that was sent.
    ANSWER_INCOMPLETE = "answer-incomplete", Hold, [subject, open, all];
    /// Someone answers for what only another can know.
    MATCH_SENDER = "match-sender", Hold, [message, subject, sender];
    /// Something is answered for that has not left.
    MATCH_EARLY = "match-early", Hold, [subject, message];
    /// An answer states a time that is still to come.
    MATCH_FUTURE = "match-future", Hold, [subject, time];
    /// An answer of customs about an item states a time that is still to come.
    MATCH_CUSTOMS_FUTURE = "match-customs-future", Hold, [answer, subject, time];
    /// An answer states a time before the departure.
    MATCH_BEFORE_DEPARTURE = "match-before-departure", Hold, [subject, time, departure];
    /// The destination does not let an item in.
    MATCH_TERMINATED = "match-terminated", Hold, [item];
    /// A receptacle was received with another dispatch for its office than its own.
    MATCH_MIS_SORTED = "match-mis-sorted", Warning, [receptacle, dispatch];
    /// An item is listed in a receptacle that is advised, and is here, gone on, or listed in another.
    MATCH_ITEM_TWICE = "match-item-twice", Hold, [item, receptacle, other];
    /// A receptacle has come, and its office of origin takes its advice back.
    MATCH_WITHDRAWN = "match-withdrawn", Hold, [receptacle];
    /// A dispatch is advised anew after it was answered.
    MATCH_ADVICE_LATE = "match-advice-late", Hold, [dispatch, state];
    /// Customs turned down a list or a message of the station's.
    CUSTOMS_REJECTED = "customs-rejected", Hold, [message, code, text];
    /// Customs answered with a status code that has no known meaning.
    CUSTOMS_CODE_UNKNOWN = "customs-code-unknown", Warning, [message, code];
    /// An operation or an answer names a message to customs that nothing is open about.
    FILING_UNKNOWN = "filing-unknown", Warning, [operation, filing];
    /// A name or number is too long for a message to customs.
    CUSTOMS_VALUE_UNUSABLE = "customs-value-unusable", Hold, [element, found];
    /// A bagged item's new declaration gives it another customs procedure.
    CHANNEL_CHANGED = "channel-changed", Hold, [channel];
    // What customs says of the cases of items.
    /// Customs answered about the case of an item with a code that the station's settings have no row for.
    CUSTOMS_DECISION_UNKNOWN = "customs-decision-unknown", Hold, [code];
    /// Customs answered about an item that nobody has declared or seen.
    CUSTOMS_ANSWER_EARLY = "customs-answer-early", Hold, [item];
    /// Customs says that something is due on an item, and not how much.
    CUSTOMS_AMOUNT_MISSING = "customs-amount-missing", Hold, [item];
    // The network: borders and ways.
    /// An operation names a border that is not in the network, or the station has no network.
    BORDER_UNKNOWN = "border-unknown", Hold, [operation, border];
    /// A departure comes to a border on a day on which it is closed, and waits there.
    BORDER_CLOSED = "border-closed", Warning, [border, row, days];
    /// A departure comes to a border that stays closed for longer than is waited.
    BORDER_CLOSED_LONG = "border-closed-long", Warning, [border, row];
    /// Because of a closed border the mail for an office goes with another departure.
    MAIL_REROUTED = "mail-rerouted", Warning, [office, departure, days];
    /// Because of a closed border no departure that is planned brings the mail for an office there.
    MAIL_WITHOUT_WAY = "mail-without-way", Warning, [office];
    /// A border closes ahead of mail that has left: it is so many days later there.
    MAIL_DELAYED = "mail-delayed", Hold, [border, arrives, days];
    /// A border closes ahead of mail that has left, for longer than is waited.
    MAIL_STUCK = "mail-stuck", Hold, [border];
    /// An axle of a truck bears more of its load than the roads of its way allow.
    AXLE_OVERLOADED = "axle-overloaded", Warning, [found, limit];
    /// A 20-ft box finds no other to share its wagon with.
    BOX_UNPAIRED = "box-unpaired", Warning, [why];
    /// A container cannot go by another departure: its route does not serve the office of something inside.
    REROUTE_NOT_SERVED = "reroute-not-served", Warning, [office, departure];
    /// A route promises no further vehicle, or none of the type, and nobody has said that one more comes.
    VEHICLE_NOT_PROMISED = "vehicle-not-promised", Warning, [container, departure, promised];
    /// A receptacle cannot be locked to a container: the route of its departure does not serve the receptacle's office.
    LOCK_NOT_SERVED = "lock-not-served", Warning, [office, departure];

    // What keeps mail from leaving that must not.
    /// An operation lifts what customs has decided, or opens what is labelled, and names no act or reason.
    ACT_MISSING = "act-missing", Warning, [operation, subject, state];

    // Why something stays behind.
    /// A receptacle stays: it is locked to a container of another departure.
    LOCKED_ELSEWHERE = "locked-elsewhere", Warning, [];
    /// A container stays: no departure of its route is planned.
    LEFT_NO_DEPARTURE = "left-no-departure", Warning, [route];
    /// A container was taken from its departure and goes with another.
    CUT = "cut", Warning, [];
    /// A container was sent by another departure.
    REROUTED = "rerouted", Warning, [];
    /// The gate is shut: nothing is in the container.
    GATE_EMPTY = "empty", Warning, [];
    /// The gate is shut: the container has no seal.
    GATE_NO_SEAL = "no-seal", Warning, [];
    /// The gate is shut: the container has no delivery bill.
    GATE_NO_BILL = "no-cn37", Warning, [];
    /// The gate is shut: customs has given no transfer number.
    GATE_NO_TRANSFER_NUMBER = "no-transfer-number", Warning, [];
    /// The gate is shut: the carrier has not signed.
    GATE_NOT_SIGNED = "not-signed", Warning, [];
    /// The gate is shut: something inside may not leave.
    GATE_HOLD_INSIDE = "hold-inside", Warning, [];
    /// The gate is shut: customs was not told of the bags.
    GATE_NO_BAG_LIST = "no-bag-list", Warning, [];
    /// The gate is shut: customs turned down what it was told of the bags.
    GATE_BAG_LIST_REJECTED = "bag-list-rejected", Warning, [];
    /// The gate is shut: of an item inside no ITMATT has gone out, and its office asks for it.
    GATE_NO_ITMATT = "no-itmatt", Warning, [];
    /// The gate is shut: the route does not serve the office of the container or of something in it.
    GATE_NOT_SERVED = "not-served", Warning, [];
    /// The gate is shut: a leg of the way does not take what is inside.
    GATE_LEG_REFUSES = "leg-refuses", Warning, [];
    /// The gate is shut: the container holds more than its plate or its way allows.
    GATE_OVERLOADED = "overloaded", Warning, [];
    /// The gate is shut: the load lies too far from the middle.
    GATE_OFF_BALANCE = "off-balance", Warning, [];

    /// A receptacle of this office came back unopened and weighs something else than its label says.
    GIVEN_BACK_WEIGHT_DIFFERS = "given-back-weight-differs", Hold, [receptacle, label, scale];
    /// A receptacle that is to pass through bears a number of this office, and has not left.
    RECEPTACLE_OWN = "receptacle-own", Warning, [receptacle];
    /// A receptacle that passes through weighs something else than its label says.
    LABEL_WEIGHT_DIFFERS = "label-weight-differs", Warning, [label, scale];
    /// Two receptacles of one dispatch are flagged as its last.
    HIGHEST_TWICE = "highest-twice", Warning, [receptacle, other];
    /// A receptacle bears another seal than was advised.
    SEAL_DIFFERS = "seal-differs", Warning, [advised, found];
    /// The customs transfer number of a container is another one's as well.
    TRANSFER_NUMBER_SHARED = "transfer-number-shared", Warning, [number, container];
    /// A seal bears a number that is on a container already.
    SEAL_USED = "seal-used", Warning, [seal, container];
    /// What the carrier has signed for was changed.
    SIGNATURE_VOID = "signature-void", Warning, [operation, container];
    /// A container comes to a border that stays closed for longer than is waited.
    WAY_CLOSED = "way-closed", Warning, [border, departure, instead];
    /// The boxes of a train weigh more than its line allows.
    TRAIN_OVERLOADED = "train-overloaded", Warning, [departure, found, limit];
    /// A container holds more than its plate, or the way of its departure, allows.
    CONTAINER_OVERLOADED = "container-overloaded", Warning, [found, limit];
    /// No table knows a container's type.
    EQUIPMENT_UNKNOWN = "equipment-unknown", Warning, [container, equipment];
    /// Customs holds a receptacle or a container as it is.
    CUSTOMS_HOLDS = "customs-holds", Hold, [subject, state];
    /// The gate is shut for a container.
    GATE_SHUT = "gate-shut", Hold, [container, departure, faults];
}
