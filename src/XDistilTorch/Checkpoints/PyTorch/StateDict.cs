namespace XDistilTorch.Checkpoints.PyTorch;

/// <summary>What a file of weights must hold: a dict from names to tensors, and nothing else.</summary>
internal static class StateDict
{
    /// <exception cref="CheckpointException">The pickle holds something else.</exception>
    public static OrderedDictionary<string, PickleTensor> From(object? pickled, string place)
    {
        if (pickled is not PickleDict dict)
            throw new CheckpointException(
                $"{place} holds {PickleWording.Describe(pickled)}, expected a state dict: names and their tensors."
            );

        var tensors = new OrderedDictionary<string, PickleTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dict.Items)
        {
            if (key is not string name)
                throw new CheckpointException(
                    $"{place}: a key of the state dict is {PickleWording.Describe(key)}, expected a tensor's name."
                );
            if (value is not PickleTensor tensor)
                throw new CheckpointException(
                    $"{place}: {Wording.Show(name)} is {PickleWording.Describe(value)}, expected a tensor. "
                        + "A checkpoint of a training run holds more than weights: save `model.state_dict()` alone."
                );
            if (!tensors.TryAdd(name, tensor))
                throw new CheckpointException($"{place}: the tensor {Wording.Show(name)} stands there twice.");
        }
        return tensors;
    }
}
