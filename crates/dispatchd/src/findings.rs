//! The codes of the findings about whole files that only a station makes.

use caravan_postal::codes;

codes! {
    /// Work on the file broke the process off too often.
    FILE_SET_ASIDE = "file-set-aside", Fatal, [attempts, kept];
    /// The file's bytes cannot be had.
    FILE_UNREADABLE = "file-unreadable", Fatal, [reason];
    /// A customs message is larger than one that is held in memory to verify its signature.
    MESSAGE_TOO_LARGE = "message-too-large", Fatal, [allowed];
    /// A table of operations tells of something that has not happened yet.
    OPERATION_AHEAD = "operation-ahead", Warning, [at];
    /// An interchange comes from an address that nobody has configured.
    SENDER_UNKNOWN = "sender-unknown", Hold, [sender, reference];
    /// An interchange is larger than one that is kept in one transaction.
    INTERCHANGE_TOO_LARGE = "interchange-too-large", Fatal, [allowed];
    /// A message cannot say what it should tell.
    MESSAGE_UNWRITABLE = "message-unwritable", Hold, [message, reason];
    /// The signature holds, and nobody has said whose it should be.
    SIGNATURE_OF_ANYONE = "signature-of-anyone", Remark, [];

    /// Customs answered about something that the station neither filed nor knows a list of.
    CUSTOMS_ANSWER_UNMATCHED = "customs-answer-unmatched", Warning, [message, reference];
    /// How many answers of customs were taken from a file.
    CUSTOMS_ANSWERS_TAKEN = "customs-answers-taken", Remark, [count];
    /// A file has declarations, and answers of customs beside them.
    CUSTOMS_ANSWERS_APART = "customs-answers-apart", Warning, [count];
    /// How many lists to customs a file has.
    CUSTOMS_LISTS = "customs-lists", Remark, [count];

    // What `caravan plan` tells of a departure.
    /// What leaves on a departure, and how good that is.
    PLAN_TOTALS = "plan-totals", Remark, [receptacles, bound, weight, used, vehicles, needed, by_weight, by_volume];
    /// Until when each step before a departure must be done.
    PLAN_CUT_OFFS = "plan-cut-offs", Remark, [item, last_bag, dispatch_close, sealed, customs, gate_in];
    /// A leg of the way.
    PLAN_LEG = "plan-leg", Remark, [from, to, by];
    /// From what the load is changed where a leg begins.
    PLAN_LEG_CHANGED = "plan-leg-changed", Remark, [before];
    /// The border of a leg.
    PLAN_LEG_BORDER = "plan-leg-border", Remark, [border];
    /// Where a leg is handed over.
    PLAN_LEG_HANDOVER = "plan-leg-handover", Remark, [place];
    /// When the way ends.
    PLAN_ARRIVES = "plan-arrives", Remark, [day, days];
    /// The way does not end, as borders are said to be.
    PLAN_NO_ARRIVAL = "plan-no-arrival", Remark, [];
    /// The border of the way that is closed.
    PLAN_CLOSED = "plan-closed", Remark, [border, row];
    /// For how long a closed border is waited for.
    PLAN_WAITS = "plan-waits", Remark, [days];
    /// Mail goes by another departure.
    PLAN_DETOUR = "plan-detour", Remark, [office, departure];
    /// Mail would go by another departure, and none is planned.
    PLAN_NO_DETOUR = "plan-no-detour", Remark, [office];
    /// By how many days a detour is later.
    PLAN_DETOUR_DAYS = "plan-detour-days", Remark, [days];
    /// What a vehicle may carry.
    PLAN_LOAD = "plan-load", Remark, [payload];
    /// What is in a vehicle.
    PLAN_FILL = "plan-fill", Remark, [receptacles, fill, dimension];
    /// Where the centre of gravity of a load is.
    PLAN_CENTRE = "plan-centre", Remark, [along, across];
    /// What the heaviest axle of a truck bears.
    PLAN_AXLE = "plan-axle", Remark, [axle, most];

    // What the summary of a day tells.
    /// How many files were read.
    SUMMARY_FILES = "summary-files", Remark, [done, failed];
    /// What was said of the items.
    SUMMARY_ITEMS = "summary-items", Remark, [all, accepted, held, refused, stopped];
    /// Where the items are.
    SUMMARY_WHERE = "summary-where", Remark, [expected, present, bagged, departed, returned, seized];
    /// What else became of items.
    SUMMARY_GONE = "summary-gone", Remark, [forwarded, disposed, missing];
    /// What is due on the items to a destination.
    SUMMARY_CHARGE = "summary-charge", Remark, [kind, amount, currency, items];
    /// How the dispatches stand.
    SUMMARY_DISPATCHES = "summary-dispatches", Remark, [closed, open, void];
    /// How the receptacles stand.
    SUMMARY_RECEPTACLES = "summary-receptacles", Remark, [labelled, departed, open, disputed, through];
    /// How full the receptacles are.
    SUMMARY_FILL = "summary-fill", Remark, [weight, volume];
    /// What was received where it went.
    SUMMARY_RECEIVED = "summary-received", Remark, [received, missing];
    /// What other offices have made up for this one.
    SUMMARY_INBOUND = "summary-inbound", Remark, [advised, answered, expected, arrived, opened, missing];
    /// How full a container is.
    SUMMARY_CONTAINER_FILL = "summary-container-fill", Remark, [weight, volume];
    /// What a closed border does to a departure.
    SUMMARY_CLOSED = "summary-closed", Remark, [border, row, days, arrives];
    /// A number of days.
    SUMMARY_DAYS = "summary-days", Remark, [days];
    /// The departure that takes mail instead.
    SUMMARY_DETOUR = "summary-detour", Remark, [departure];
}
