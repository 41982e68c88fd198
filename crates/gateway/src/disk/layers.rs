//! An image's layers and their sizes, so that what two images share is counted once.
//!
//! The engine tells an image's layers by digest without their sizes, and the sizes of its steps without their digests: a
//! size of zero is a step without a layer or an empty layer, and only the first is nowhere among the digests. Where
//! that leaves a doubt, less is taken for shared, never more: a tenant that arranges its images cleverly gains nothing.

use wharf_wire::{HistoryStep, LayersOfImage};

/// What one image consists of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layers {
    /// Digests, the lowest first.
    digests: Vec<String>,
    /// Sizes of those that have one, the lowest first; `None` when the steps do not add up to the image.
    sizes: Option<Vec<u64>>,
    /// All of it.
    whole: u64,
}

impl Layers {
    pub(super) fn of(image: LayersOfImage, steps: &[HistoryStep]) -> Self {
        let whole = u64::try_from(image.size).unwrap_or(0);
        let sizes: Vec<u64> = steps
            .iter()
            .rev()
            .filter_map(|step| u64::try_from(step.size).ok())
            .filter(|size| *size > 0)
            .collect();
        let adds_up = sizes.iter().sum::<u64>() == whole && sizes.len() <= image.root_fs.layers.len();
        Self { digests: image.root_fs.layers, sizes: adds_up.then_some(sizes), whole }
    }

    /// How many layers it has: what others are built upon comes first when they are counted in this order.
    pub(super) fn height(&self) -> usize {
        self.digests.len()
    }

    /// Bytes that it takes beside the images that are counted already.
    pub(super) fn beside<'l>(&self, counted: impl IntoIterator<Item = &'l Self>) -> u64 {
        let shared = counted.into_iter().map(|other| self.shared_with(other)).max().unwrap_or(0);
        self.whole.saturating_sub(shared)
    }

    /// Bytes that are certainly also the other's.
    fn shared_with(&self, other: &Self) -> u64 {
        let common =
            self.digests.iter().zip(&other.digests).take_while(|(own, others)| own == others).count();
        if common == self.digests.len() && common > 0 {
            return self.whole;
        }
        if common == other.digests.len() && common > 0 {
            return other.whole.min(self.whole); // it is the lower part of this one
        }
        let (Some(own), Some(others)) = (&self.sizes, &other.sizes) else { return 0 };
        // So many of the common layers may be empty ones.
        let empty = (self.digests.len() - own.len()).min(other.digests.len() - others.len());
        own.iter().take(common.saturating_sub(empty)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wharf_wire::RootFs;

    fn image(layers: &[&str], sizes: &[i64]) -> Layers {
        let root_fs = RootFs { layers: layers.iter().map(|layer| (*layer).to_owned()).collect() };
        let steps: Vec<_> = sizes.iter().rev().map(|size| HistoryStep { size: *size }).collect();
        Layers::of(LayersOfImage { size: sizes.iter().sum(), root_fs }, &steps)
    }

    #[test]
    fn what_two_images_have_in_common_counts_once() {
        let base = image(&["a", "b"], &[100, 0, 20]);
        let blog = image(&["a", "b", "c"], &[100, 0, 20, 3]);
        let shop = image(&["a", "b", "d"], &[100, 0, 20, 0, 5]);
        assert_eq!(base.beside([]), 120);
        assert_eq!(blog.beside([&base]), 3);
        assert_eq!(shop.beside([&base, &blog]), 5);
        assert_eq!(shop.beside([&blog]), 5, "without the base, too");
        assert_eq!(blog.beside([&blog]), 0);
        assert_eq!(base.beside([&blog]), 0, "in whichever order");
        assert_eq!(image(&["x", "y"], &[7, 8]).beside([&base]), 15);
    }

    #[test]
    fn the_same_sizes_of_other_layers_are_not_the_same() {
        let one = image(&["a", "b"], &[100, 50]);
        assert_eq!(image(&["a", "c"], &[100, 50]).beside([&one]), 50);
        assert_eq!(
            image(&["c", "b"], &[100, 50]).beside([&one]),
            150,
            "a layer is what lies on those below it"
        );
    }

    #[test]
    fn where_empty_layers_leave_a_doubt_less_is_shared() {
        // Is the empty one `a` or `b`, and whose are the 100?
        let one = image(&["a", "b"], &[0, 100]);
        let two = image(&["a", "c"], &[0, 100]);
        assert_eq!(two.beside([&one]), 100);
        let one = image(&["a", "b", "c"], &[100, 0, 9]);
        let two = image(&["a", "b", "d"], &[100, 0, 9]);
        assert_eq!(two.beside([&one]), 9, "two in common, of which at most one is empty");
        let full = image(&["a", "b", "e"], &[100, 9, 7]);
        assert_eq!(two.beside([&full]), 0, "neither of those below is empty, so it is `d`");
    }

    #[test]
    fn what_does_not_add_up_is_counted_whole() {
        let root_fs = || RootFs { layers: vec!["a".to_owned(), "b".to_owned()] };
        let odd = Layers::of(LayersOfImage { size: 500, root_fs: root_fs() }, &[HistoryStep { size: 3 }]);
        let other = image(&["a", "c"], &[100, 1]);
        assert_eq!(odd.beside([&other]), 500);
        let bare = Layers::of(LayersOfImage { size: 500, root_fs: RootFs::default() }, &[]);
        assert_eq!(bare.beside([&bare]), 500, "no digest, nothing in common");
    }
}
