//! The picture as SVG, in millimetres of the box.

use std::fmt::Write;

use super::picture::{Picture, Rect, Shape};

/// Returns the picture as an SVG document; `title` says a caption by its key.
pub(super) fn svg(picture: &Picture, title: impl Fn(&str) -> String) -> String {
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" \
         font-size=\"{}\" stroke=\"black\" stroke-width=\"{}\">\n",
        picture.width,
        picture.height,
        picture.line * 7 / 10,
        picture.line / 30
    );
    for shape in &picture.shapes {
        let line = match shape {
            Shape::Block(rect, grey) => {
                rectangle(*rect, &format!("fill=\"#{grey:02x}{grey:02x}{grey:02x}\""))
            }
            Shape::Inside(rect) => rectangle(*rect, "fill=\"none\" stroke-width=\"30\""),
            Shape::Bound(rect) => {
                rectangle(*rect, "fill=\"none\" stroke-width=\"30\" stroke-dasharray=\"90 60\"")
            }
            Shape::Centre(x, y) => centre(*x, *y, picture.line / 2),
            Shape::Number(rect, number) => {
                let (x, y) = (rect.x + rect.width / 2, rect.y + rect.height * 3 / 4);
                format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" stroke=\"none\">{number}</text>")
            }
            Shape::Stop(rect, number) => {
                let (x, y) = (rect.x + rect.width / 2, rect.y + rect.height * 3 / 4);
                let said = escape(&title("stop"));
                format!(
                    "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" stroke=\"none\">{said} {number}</text>"
                )
            }
            Shape::Title(rect, key) => {
                let y = rect.y + rect.height * 3 / 4;
                let said = escape(&title(key));
                format!("<text x=\"{}\" y=\"{y}\" stroke=\"none\">{said}</text>", rect.x)
            }
        };
        writeln!(text, "{line}").expect("writing to a string succeeds");
    }
    text.push_str("</svg>\n");
    text
}

fn rectangle(Rect { x, y, width, height }: Rect, style: &str) -> String {
    format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {style}/>")
}

fn centre(x: i64, y: i64, half: i64) -> String {
    let (left, right, above, below) = (x - half, x + half, y - half, y + half);
    format!(
        "<g stroke-width=\"40\"><circle cx=\"{x}\" cy=\"{y}\" r=\"{half}\" fill=\"white\"/>\
         <path d=\"M{left} {y}H{right}M{x} {above}V{below}\"/></g>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
