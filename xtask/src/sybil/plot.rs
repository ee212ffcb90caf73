// SPDX-License-Identifier: Apache-2.0
//! A plot of lines over time, as an SVG of a few lines.

use std::fmt::Write;

/// Size of the plot, and of the margins left, right, above and below the field, in pixels.
const SIZE: (f64, f64) = (720.0, 360.0);
const MARGIN: (f64, f64, f64, f64) = (60.0, 190.0, 40.0, 46.0);
/// Colours that people with any colour vision tell apart (Okabe and Ito).
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/// A line: its name, and its points from left to right. It keeps each height until the next point.
pub(crate) type Line = (String, Vec<(f64, f64)>);

/// Draws lines over `0..=right` with heights from 1 to `top`, on a logarithmic scale.
pub(crate) fn steps(title: &str, across: &str, up: &str, right: f64, top: f64, lines: &[Line]) -> String {
    let field = (SIZE.0 - MARGIN.0 - MARGIN.1, SIZE.1 - MARGIN.2 - MARGIN.3);
    let decades = top.log10().ceil().max(1.0);
    let x = |value: f64| MARGIN.0 + value / right * field.0;
    let y = |value: f64| MARGIN.2 + field.1 - value.max(1.0).log10() / decades * field.1;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"{}\" y=\"22\" font-size=\"15\">{title}</text>\n",
        SIZE.0, SIZE.1, MARGIN.0
    );
    for decade in 0..=decades as u32 {
        let (value, height) = (10u64.pow(decade), y(10f64.powi(decade as i32)));
        let _ = writeln!(
            svg,
            "<path d=\"M{:.1} {height:.1}H{:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            x(0.0),
            x(right),
            x(0.0) - 6.0,
            height + 4.0
        );
    }
    for fourth in 0..=4 {
        let value = right * f64::from(fourth) / 4.0;
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{value:.0}</text>",
            x(value),
            SIZE.1 - MARGIN.3 + 16.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{across}</text>\n\
         <text transform=\"translate(16 {:.1}) rotate(-90)\" text-anchor=\"middle\">{up}</text>",
        x(right / 2.0),
        SIZE.1 - 10.0,
        y(1.0) - field.1 / 2.0
    );
    for (index, (name, points)) in lines.iter().enumerate() {
        let colour = COLOURS[index % COLOURS.len()];
        let _ =
            write!(svg, "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" d=\"M{:.1} {:.1}", x(0.0), y(1.0));
        for (across, up) in points {
            let _ = write!(svg, "H{:.1}V{:.1}", x(across.min(right)), y(*up));
        }
        let end = SIZE.0 - MARGIN.1 + 12.0;
        let line = MARGIN.2 + 18.0 * index as f64;
        let _ = writeln!(
            svg,
            "H{:.1}\"/>\n<path d=\"M{end:.1} {line:.1}h18\" stroke=\"{colour}\" stroke-width=\"3\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{name}</text>",
            x(right),
            end + 24.0,
            line + 4.0
        );
    }
    svg.push_str("</svg>\n");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_runs_from_the_lower_left_through_its_points() {
        let svg = steps("t", "days", "fakes", 100.0, 100.0, &[("one".into(), vec![(50.0, 10.0), (100.0, 100.0)])]);
        // The field is 470 by 274 pixels from (60, 40): half way across and half way up, then up to its corner.
        assert!(svg.contains("d=\"M60.0 314.0H295.0V177.0H530.0V40.0H530.0\""), "{svg}");
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
        assert_eq!(svg.matches("<text").count(), 1 + 3 + 5 + 2 + 1);
    }
}
