using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using static TorchSharp.torch;

namespace XDistilTorch.Engines.Packed;

/// <summary>What a module does beside its numbers, which kernels do not do.</summary>
internal static class ModuleActivity
{
    private static readonly string[] HookFields = ["pre_hooks", "post_hooks", "module_pre_hooks", "module_post_hooks"];

    // TorchSharp keeps hooks to itself. Looking a field up takes far longer than reading it.
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Hooks = new();

    /// <summary>Whether it is in training mode or has hooks.</summary>
    public static bool IsActive(nn.Module module) => module.training || HasHooks(module);

    /// <summary>Whether somebody is called when it is.</summary>
    public static bool HasHooks(nn.Module module)
    {
        foreach (var field in Hooks.GetOrAdd(module.GetType(), FieldsOf))
            if (field.GetValue(module) is ICollection { Count: > 0 })
                return true;
        return false;
    }

    private static FieldInfo[] FieldsOf(Type? type)
    {
        for (; type is not null && type != typeof(nn.Module); type = type.BaseType)
            if (type.IsGenericType && type.Name.StartsWith("HookableModule", StringComparison.Ordinal))
                return [.. HookFields.Select(name => type.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!)];
        return [];
    }
}
