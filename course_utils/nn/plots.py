"""Pictures of training."""


def show_training(curves, *, alt, xlabel="step", ylabel="loss", log=True):
    """Show one line for each list of losses. curves: {label: losses}. alt: what is to be seen.

    log: whether the axis of the losses is logarithmic.
    """
    from course_utils.figures import new_figure, show

    figure, axis = new_figure()
    for label, losses in curves.items():
        axis.plot(losses, label=label)
    axis.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    if len(curves) > 1:
        axis.legend()
    show(figure, alt=alt)


def show_digits(X, titles, *, alt, columns=10):
    """Show pictures, the rows of X, side by side, each under its title."""
    from course_utils.figures import new_figure, show

    side = round(X.shape[1] ** 0.5)
    rows = -(-len(X) // columns)
    figure, axes = new_figure(columns, rows, width=0.66 * columns, height=0.9 * rows)
    for axis, picture, title in zip(axes.flat, X, titles, strict=False):
        axis.imshow(picture.reshape(side, side), cmap="gray_r")
        axis.set_title(title, fontsize=9)
    for axis in axes.flat:
        axis.axis("off")
    show(figure, alt=alt)
