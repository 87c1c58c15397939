//! Receipts in the words of the model.

use std::ops::ControlFlow;

use caravan_declaration::Limits;
use caravan_declaration::ceb::{answer, read};

/// Reads the first document of a receipt and says its answer in one line.
fn said(name: &str, document: &str) -> Option<String> {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><{name} xmlns=\"http://www.chinaport.gov.cn/ceb\" \
         guid=\"4CDE1CFD-EDED-46B1-946C-B8022E42FC94\" version=\"1.0\">{document}</{name}>"
    );
    let mut said = None;
    read(text.as_bytes(), &Limits::standard(), |read| {
        said = answer(&read.document).map(|answer| {
            let identifier = answer.identifier.and_then(|identifier| identifier.s10());
            format!(
                "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                identifier.map(|s10| s10.to_string()),
                answer.reference,
                answer.number,
                answer.verdict,
                answer.code,
                answer.text,
                answer.at.map(|at| at.to_string()),
                answer.extras,
            )
        });
        ControlFlow::Continue(())
    })
    .unwrap();
    said
}

#[test]
fn a_released_list() {
    let document = "<InventoryReturn><guid>4CDE1CFD-EDED-46B1-946C-B8022E42FC94</guid>\
        <agentCode>1105910159</agentCode><copNo>COP1</copNo><preNo>B20261122000000001</preNo>\
        <invtNo>94032026E000000001</invtNo><ebcCode>1</ebcCode><ebpCode>2</ebpCode><orderNo>O1</orderNo>\
        <statisticsFlag>A</statisticsFlag><returnStatus>800</returnStatus>\
        <returnTime>20261122093001250</returnTime><returnInfo>放行</returnInfo></InventoryReturn>";
    assert_eq!(
        said("CEB604Message", document).unwrap(),
        "None Some(\"COP1\") Some(\"94032026E000000001\") Some(Released) Some(\"800\") Some(\"放行\") \
         Some(\"2026-11-22 09:30:01.250\") [(\"guid\", \"4CDE1CFD-EDED-46B1-946C-B8022E42FC94\"), \
         (\"agentCode\", \"1105910159\"), (\"preNo\", \"B20261122000000001\"), (\"ebcCode\", \"1\"), \
         (\"ebpCode\", \"2\"), (\"orderNo\", \"O1\"), (\"statisticsFlag\", \"A\")]"
    );
}

#[test]
fn a_waybill_and_a_broken_message() {
    let waybill = "<LogisticsReturn><guid>4CDE1CFD-EDED-46B1-946C-B8022E42FC94</guid>\
        <logisticsCode>1</logisticsCode><logisticsNo>RR473124829CN</logisticsNo>\
        <returnStatus>-504012</returnStatus><returnTime>2026112209300125x</returnTime><returnInfo/></LogisticsReturn>";
    assert_eq!(
        said("CEB506Message", waybill).unwrap(),
        "Some(\"RR473124829CN\") Some(\"4CDE1CFD-EDED-46B1-946C-B8022E42FC94\") None Some(Rejected) \
         Some(\"-504012\") None None [(\"logisticsCode\", \"1\"), (\"returnTime\", \"2026112209300125x\")]"
    );
    let broken = "<MessageReturn><guid>4CDE1CFD-EDED-46B1-946C-B8022E42FC94</guid><returnStatus>-1</returnStatus>\
        <returnInfo>x</returnInfo><returnTime>20261122093001250</returnTime><oriCopMsgId>M1</oriCopMsgId>\
        <oriMessageType>Unknown</oriMessageType><oriBizMessage>&lt;a/&gt;</oriBizMessage></MessageReturn>";
    assert_eq!(
        said("CEB900Message", broken).unwrap(),
        "None Some(\"M1\") None Some(Rejected) Some(\"-1\") Some(\"x\") Some(\"2026-11-22 09:30:01.250\") \
         [(\"guid\", \"4CDE1CFD-EDED-46B1-946C-B8022E42FC94\"), (\"oriMessageType\", \"Unknown\"), \
         (\"oriBizMessage\", \"<a/>\")]"
    );
}

#[test]
fn a_summary_has_a_state_and_no_verdict() {
    let head = "<SummaryResult><SummaryResultHead><guid>4CDE1CFD-EDED-46B1-946C-B8022E42FC94</guid>\
        <sumNo>S20261122000000001</sumNo><opDate>20261122093001250</opDate><decState>A</decState>\
        </SummaryResultHead></SummaryResult>";
    assert_eq!(
        said("CEB792Message", head).unwrap(),
        "None Some(\"4CDE1CFD-EDED-46B1-946C-B8022E42FC94\") Some(\"S20261122000000001\") None Some(\"A\") None \
         Some(\"2026-11-22 09:30:01.250\") []"
    );
}

#[test]
fn a_declaration_is_no_answer() {
    assert_eq!(said("CEB303Message", "<Order><OrderHead><orderNo>1</orderNo></OrderHead></Order>"), None);
}
